"""What becomes of a guest's cart when the guest signs in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from orders.cart.cart import MOST_LINES, MOST_SAVED, Cart, Line
from orders.catalogue.product import Product

MOST_PIECES = 999


class Outcome(StrEnum):
    """What became of one line of the guest's cart."""

    ADDED = "added"
    COMBINED = "combined"
    LIMITED = "limited"
    SAVED = "saved_for_later"
    LEFT = "left_behind"


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the guest's cart: how many of it the customer's cart holds now, and why."""

    sku: str
    quantity: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Merged:
    """The customer's cart with the guest's in it, and what stays where it was for want of room."""

    cart: Cart
    rest: Cart
    moved: tuple[Moved, ...]


def merged(own: Cart, guest: Cart, products: Mapping[str, Product]) -> Merged:
    """*own* with what *guest* holds: quantities add up, as far as *products* are in stock.

    No line gets smaller than it was in either cart. What finds no room among the lines is saved
    for later; what finds none there either stays with the guest.
    """
    lines, saved = _by_sku(own.lines), _by_sku(own.saved)
    rest: list[Line] = []
    moved = [_move(line, lines, saved, rest, products.get(line.sku)) for line in guest.lines]
    kept = [x for x in guest.saved if x.sku not in lines and not _save(x, saved)]
    cart = replace(
        own,
        lines=tuple(lines.values()),
        saved=tuple(saved.values()),
        gift=own.gift or guest.gift,
        coupon=own.coupon or guest.coupon,
    )
    left = replace(guest, lines=tuple(rest), saved=tuple(kept), gift=None, coupon=None)
    return Merged(cart, left, tuple(moved))


def _move(
    line: Line,
    lines: dict[str, Line],
    saved: dict[str, Line],
    rest: list[Line],
    product: Product | None,
) -> Moved:
    earlier = lines.get(line.sku)
    if earlier is None and len(lines) >= MOST_LINES:
        if _save(line, saved):
            return Moved(line.sku, line.quantity, Outcome.SAVED)
        rest.append(line)
        return Moved(line.sku, 0, Outcome.LEFT)
    quantity = _together(line, earlier, product)
    lines[line.sku] = replace(line, quantity=quantity, added_at=(earlier or line).added_at)
    saved.pop(line.sku, None)
    return Moved(line.sku, quantity, _outcome(line, earlier, quantity))


def _together(line: Line, earlier: Line | None, product: Product | None) -> int:
    if earlier is None:
        return line.quantity
    wanted = min(line.quantity + earlier.quantity, MOST_PIECES)
    there = wanted if product is None or product.available is None else product.available
    return max(min(wanted, there), line.quantity, earlier.quantity)


def _outcome(line: Line, earlier: Line | None, quantity: int) -> Outcome:
    if earlier is None:
        return Outcome.ADDED
    whole = line.quantity + earlier.quantity == quantity
    return Outcome.COMBINED if whole else Outcome.LIMITED


def _save(line: Line, saved: dict[str, Line]) -> bool:
    """Whether *line* is saved now."""
    if line.sku not in saved and len(saved) >= MOST_SAVED:
        return False
    saved.setdefault(line.sku, line)
    return True


def _by_sku(lines: Sequence[Line]) -> dict[str, Line]:
    return {line.sku: line for line in lines}
