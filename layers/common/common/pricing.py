"""What a cart costs. Pure: prices, rules and points come in, totals come out.

All sums are in minor units of the shop's currency; one point is worth POINT_MINOR of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

POINT_MINOR = 100
# Points pay at most half of the goods, so that every order brings money.
POINTS_SHARE_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity of one product; services are not shipped. A gift card is *money*: nothing is taken
    off it, nor is it paid with points."""

    sku: str
    quantity: int
    price_minor: int
    shipped: bool = True
    money: bool = False

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor


@dataclass(frozen=True, slots=True)
class Delivery:
    """The shop's tariff: a flat fee, free from a sum of goods on."""

    fee_minor: int
    free_from_minor: int


@dataclass(frozen=True, slots=True)
class Discount:
    """*percent* of the goods and *amount_minor*, if they come to *from_minor*."""

    percent: int = 0
    amount_minor: int = 0
    from_minor: int = 0

    def of(self, goods_minor: int) -> int:
        """What *goods_minor* are cheaper by, rounded down; never more than they cost."""
        if goods_minor < self.from_minor:
            return 0
        return min(goods_minor, self.amount_minor + goods_minor * self.percent // 100)


NO_DISCOUNT = Discount()


@dataclass(frozen=True, slots=True)
class Totals:
    """`total_minor` = goods - discount + delivery - points' worth; `free_delivery_left_minor` is
    what is missing to free delivery, 0 when it is reached or nothing is shipped."""

    goods_minor: int
    delivery_minor: int
    points_minor: int
    total_minor: int
    free_delivery_left_minor: int
    discount_minor: int = 0


def totals(
    lines: Sequence[Line], delivery: Delivery, points: int = 0, discount: Discount = NO_DISCOUNT
) -> Totals:
    """What *lines* cost. *points* must not exceed `most_points`."""
    goods = sum(line.total_minor for line in lines)
    off = discount.of(reducible_minor(lines))
    shipped = any(line.shipped for line in lines)
    left = max(0, delivery.free_from_minor - goods) if shipped else 0
    fee = delivery.fee_minor if left else 0
    worth = points * POINT_MINOR
    return Totals(goods, fee, worth, goods - off + fee - worth, left, off)


def reducible_minor(lines: Sequence[Line]) -> int:
    """What of *lines* a discount may be taken off, and points may pay a share of."""
    return sum(line.total_minor for line in lines if not line.money)


def most_points(lines: Sequence[Line], discount: Discount = NO_DISCOUNT) -> int:
    """How many points *lines* may be paid with at most."""
    goods = reducible_minor(lines)
    return (goods - discount.of(goods)) * POINTS_SHARE_PERCENT // 100 // POINT_MINOR


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """*amount*, at most the sum of *weights*, split in proportion to them, in whole units.

    The rest falls on the last; no share exceeds its weight.
    """
    whole, reached, parts = sum(weights) or 1, 0, []
    for weight in weights:
        before, reached = reached, reached + weight
        parts.append(amount * reached // whole - amount * before // whole)
    return parts


def tax_within(amount: int, percent: int) -> int:
    """The tax of *percent* that *amount* contains, rounded half up."""
    return (2 * amount * percent + 100 + percent) // (2 * (100 + percent))
