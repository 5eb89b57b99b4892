"""Hooks of schemathesis: the emulator's gateway as AWS's would answer."""

from typing import Any

import schemathesis


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """An answer without a body has no type; the emulator gives it one."""
    if not response.content:
        response.headers.pop("content-type", None)
