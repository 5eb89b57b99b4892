"""Answers that their reader may have already, by their tags (RFC 9110 §13.1.2)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from common import api as shell
from common.language import Language


def answer(
    view: BaseModel, tag: str, known: str | None, more: Mapping[str, str] | None = None
) -> Response[Any]:
    """*view* under its *tag*, or 304 where the reader has it, the *known* one; with *more* headers
    either way."""
    headers = {"ETag": tag, **(more or {})}
    if known == tag:
        return Response(HTTPStatus.NOT_MODIFIED, headers=headers)
    return shell.answer(view, headers=headers)


def spoken(version: int, language: Language) -> str:
    """The tag of a view with names, which differ by language, and so do the tags (§8.8.3.3)."""
    return f'"{version}-{language}"'
