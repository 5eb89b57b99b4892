"""The goods of the demo shop."""

from typing import Any


def products() -> list[dict[str, Any]]:
    return []
