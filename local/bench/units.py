"""What DynamoDB charges for: sizes of items, and the units they round up to.

The rules are AWS's own (Developer Guide, "Item sizes and formats" and "Read and write
capacity"): 1 KB a write unit, 4 KB a read unit, half for an eventually consistent read, twice
for a transaction; each index that projects a changed item is a write of its own.
"""

import math
from collections.abc import Mapping
from typing import Any

type Typed = Mapping[str, Mapping[str, Any]]

WRITE_BYTES, READ_BYTES = 1024, 4096
CONTAINER_BYTES, PART_BYTES = 3, 1


def size(item: Typed) -> int:
    """The bytes of an item in DynamoDB's JSON."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def write(*sizes: int) -> int:
    """Units of a write: of the larger of what stood and what stands."""
    return max(1, math.ceil(max(sizes, default=0) / WRITE_BYTES))


def read(bytes_: int, consistent: bool) -> float:
    return max(1, math.ceil(bytes_ / READ_BYTES)) * (1 if consistent else 0.5)


def index(
    before: Typed | None, after: Typed | None, keys: tuple[str, str], own: tuple[str, str]
) -> int:
    """Units that one index with *keys* takes for the change of an item with keys *own*."""
    old, new = _shown(before, keys, own), _shown(after, keys, own)
    if old == new:
        return 0
    if old and new and all(old[key] == new[key] for key in keys):
        return write(size(old), size(new))
    return sum(write(size(item)) for item in (old, new) if item)


def _shown(item: Typed | None, keys: tuple[str, str], own: tuple[str, str]) -> Typed | None:
    """What an index that projects everything holds of *item*: nothing without its keys."""
    return item if item and all(key in item for key in (*keys, *own)) else None


def _value(typed: Mapping[str, Any]) -> int:
    kind: str
    value: Any
    [(kind, value)] = typed.items()
    match kind:
        case "S":
            return len(str(value).encode())
        case "N":
            digits = value.lstrip("-").replace(".", "").strip("0")
            return (len(digits) + 1) // 2 + 1 + int(value.startswith("-"))
        case "L":
            return CONTAINER_BYTES + sum(PART_BYTES + _value(part) for part in value)
        case "M":
            return CONTAINER_BYTES + len(value) * PART_BYTES + size(value)
    return 1  # BOOL and NULL; tables hold nothing else
