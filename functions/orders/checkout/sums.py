"""How the sums of an order fall on its lines: its discount, points, and the tax that its prices
contain. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from common import pricing
from orders.cart.cart import Cart
from orders.order.parts import Line


def bought(cart: Cart, totals: pricing.Totals, tax_percent: int) -> tuple[tuple[Line, ...], int]:
    """The lines as bought, each with what is paid for it and the tax in that; and the tax in what
    is paid for delivery. They add up to the totals, to the last unit."""
    off, left = _taken(totals.discount_minor, [_reducible(line) for line in cart.priced()])
    _, rest = _taken(totals.points_minor, left)
    paid = [
        n + line.total_minor - _reducible(line) for n, line in zip(rest, cart.priced(), strict=True)
    ]
    tax = pricing.tax_within(totals.total_minor, tax_percent)
    on_delivery, *taxes = pricing.shares(tax, [totals.delivery_minor, *paid])
    plain = (
        Line(x.sku, x.name, x.quantity, x.price_minor, x.shipped, money=x.money) for x in cart.lines
    )
    lines = tuple(
        replace(line, paid_minor=paid_minor, tax_minor=tax_minor, discount_minor=discount_minor)
        for line, paid_minor, tax_minor, discount_minor in zip(plain, paid, taxes, off, strict=True)
    )
    return lines, on_delivery


def _reducible(line: pricing.Line) -> int:
    return 0 if line.money else line.total_minor


def _taken(amount: int, weights: Sequence[int]) -> tuple[list[int], list[int]]:
    """What each gives of *amount*, and what is left of it."""
    parts = pricing.shares(amount, weights)
    return parts, [weight - part for weight, part in zip(weights, parts, strict=True)]
