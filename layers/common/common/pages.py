"""Pages behind links in letters: they ask first, for machines follow links too."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from common.language import Language

if TYPE_CHECKING:
    from jinja2 import Template

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
ANSWER: dict[int, Any] = {200: {"description": "A page for people", "content": {"text/html": {}}}}


def render(
    spoken: Language,
    title: str,
    words: str,
    button: str = "",
    field: tuple[str, str] | None = None,
) -> str:
    """A page of few words; with a *button*, which posts *field* to where the page is."""
    known = {"language": spoken, "title": title, "words": words, "button": button, "field": field}
    return _template().render(known)


def answer(html: str) -> Response[str]:
    policy = {"Content-Security-Policy": POLICY}
    return Response(200, "text/html; charset=utf-8", html, headers=dict(policy))


@cache
def _template() -> "Template":
    from jinja2 import Environment

    source = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
