"""How the sums of an order fall on its lines: points, and the tax that its prices contain. Pure."""

from common import pricing
from orders.cart.cart import Cart
from orders.order.parts import Line


def bought(cart: Cart, totals: pricing.Totals, tax_percent: int) -> tuple[tuple[Line, ...], int]:
    """The lines as bought, each with what is paid for it and the tax in that; and the tax in what
    is paid for delivery. They add up to the totals, to the last unit."""
    weights = [line.total_minor for line in cart.priced()]
    points = pricing.shares(totals.points_minor, weights)
    paid = [weight - part for weight, part in zip(weights, points, strict=True)]
    tax = pricing.tax_within(totals.total_minor, tax_percent)
    on_delivery, *taxes = pricing.shares(tax, [totals.delivery_minor, *paid])
    lines = tuple(
        Line(line.sku, line.name, line.quantity, line.price_minor, line.shipped, *sums)
        for line, *sums in zip(cart.lines, paid, taxes, strict=True)
    )
    return lines, on_delivery
