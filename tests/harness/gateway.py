"""Hooks of schemathesis: calls as clients make them, the gateway's answers as AWS gives them."""

import re
from typing import Any
from uuid import uuid4

import schemathesis

WELL_FORMED_KEY = re.compile(r"[\x21-\x7e]{8,128}")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """A good call is a new one: of a key used before, it would hear of what it has deleted since.

    Cases that are to be refused stay as they are: changed, they would no longer count as such.
    """
    to_be_accepted = case.meta is not None and case.meta.generation.mode.is_positive
    if to_be_accepted and WELL_FORMED_KEY.fullmatch(case.headers.get("idempotency-key", "")):
        case.headers["idempotency-key"] = str(uuid4())


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """An answer without a body has no type; the emulator gives it one."""
    if not response.content:
        response.headers.pop("content-type", None)
