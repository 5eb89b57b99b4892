"""JSON without its traps: no duplicate keys, no NaN, no huge numbers, no lone surrogates.

The standard parser takes the last of two equal keys, reads NaN and Infinity, turns 1e400 into
infinity, and gives up with RecursionError or ValueError on deep or long input.
"""

import json
import math
from typing import Any

from common.errors import MalformedBody

LONGEST_NUMBER = 40


def loads(text: str) -> Any:
    """The value of *text*. MalformedBody for whatever another parser might read differently."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_finite,
            parse_int=_short,
            parse_constant=_no_constant,
        )
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as malformed:
        raise MalformedBody from malformed
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number) or len(digits) > LONGEST_NUMBER:
        raise ValueError("number out of range")
    return number


def _short(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER or digits == "-0":
        raise ValueError("number out of range")
    return int(digits)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
