"""What an export tells of a row. An attribute that nobody named stays where it is."""

from collections.abc import Callable
from dataclasses import dataclass

from common.expressions import Item

type Tell = Callable[[Item], Item]


@dataclass(frozen=True, slots=True)
class Withheld:
    """No export tells of these rows, for the reason *why*."""

    why: str


REPEATS = Withheld("another file tells the same")
NAMELESS = Withheld("names nobody")
COUNTS = Withheld("counts and keys of the machinery")
OTHERS = Withheld("tells what others did")


def only(*names: str) -> Tell:
    """The attributes of these *names*, where the row has them."""
    return lambda row: {name: row[name] for name in names if row.get(name) is not None}


def with_id(*names: str) -> Tell:
    """As `only`, with the id that ends the sort key."""
    told = only(*names)
    return lambda row: {"id": row["sk"].partition("#")[2], **told(row)}
