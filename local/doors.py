"""Who a route lets in, read from the one place that decides it: the route's own code."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

ANYONE = "anyone"


def role(route: Callable[..., Any]) -> str | None:
    """The least role that *route* asks for; ANYONE where any token will do, None where none is
    asked for. ValueError when the route asks twice."""
    body = ast.parse(textwrap.dedent(inspect.getsource(route)))
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
    found = [asked for asked in map(_asked, calls) if asked]
    if len(found) > 1:
        raise ValueError(f"{route.__name__} asks more than once who is calling")
    return found[0] if found else None


def _asked(call: ast.Call) -> str | None:
    """What the call of one of the doors asks for: `access.staff(api, Role.MANAGER)`, a manager."""
    match ast.unparse(call.func):
        case "access.customer":
            return "customer"
        case "guests.shopper":
            return "guest"
        case "access.staff":
            return (
                ast.unparse(call.args[1]).removeprefix("Role.").lower()
                if call.args[1:]
                else "agent"
            )
        case "access.anyone" | "tokens.holder":
            return ANYONE
    return None
