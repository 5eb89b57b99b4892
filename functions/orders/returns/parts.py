"""What a return is made of: pieces, what is promised for them, and photos. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.language import Text
from orders.order.bill import Parts
from orders.returns.reasons import SHOPS_FAULT, Reason


@dataclass(frozen=True, slots=True)
class Exchange:
    """What comes in place of an item's pieces, each at *price_minor*; of what was paid for them,
    *carried_minor* pays for it."""

    sku: str
    name: Text
    price_minor: int
    carried_minor: int


@dataclass(frozen=True, slots=True)
class Item:
    """Pieces of one line of the order, and what is promised for them; of those that came back,
    some were *restocked* and some *scrapped*. *exchange* is what comes instead of money."""

    sku: str
    name: Text
    quantity: int
    reason: Reason
    paid_minor: int
    restocked: int = 0
    scrapped: int = 0
    exchange: Exchange | None = None

    @property
    def is_sent_back(self) -> bool:
        return self.reason is not Reason.SHORTAGE

    @property
    def is_excused(self) -> bool:
        """Whether the coupon stands as if it had stayed: something comes instead, or the shop is to
        blame."""
        return self.exchange is not None or self.reason in SHOPS_FAULT

    @property
    def accepted(self) -> int:
        """The pieces that money is given back for: those that came, or never did."""
        return self.restocked + self.scrapped if self.is_sent_back else self.quantity

    @property
    def accepted_minor(self) -> int:
        return self.paid_minor * self.accepted // self.quantity

    @property
    def carried_minor(self) -> int:
        """What pays for that which comes instead of the accepted pieces."""
        return self.exchange.carried_minor * self.accepted // self.quantity if self.exchange else 0


@dataclass(frozen=True, slots=True)
class Promise:
    """What the customer gets back: money to where it came from and to the balance,
    *delivery_minor* of it for delivery, and *points* by lot; *taken* are points that the order
    had earned. Of these, *carried_minor* and *carried_points* pay for what comes instead.
    *discount_minor* is kept back, since what stays does not come to its coupon's sum; below zero
    it was kept back before, and comes now."""

    source_minor: int
    balance_minor: int
    delivery_minor: int
    points: Mapping[str, int]
    taken: int
    carried_minor: int = 0
    carried_points: Mapping[str, int] = field(default_factory=dict)
    discount_minor: int = 0

    @property
    def due(self) -> Parts:
        return Parts(self.source_minor, self.balance_minor)

    @property
    def total_minor(self) -> int:
        return self.due.total_minor

    @property
    def back(self) -> Parts:
        """The money that goes to the customer."""
        return self.due.less(self.carried_minor)

    @property
    def lots_back(self) -> dict[str, int]:
        """The points that go to the customer."""
        lots = {day: n - self.carried_points.get(day, 0) for day, n in self.points.items()}
        return {day: n for day, n in lots.items() if n}

    @property
    def points_back(self) -> int:
        return sum(self.lots_back.values())


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of what is complained of: of the order's line of that SKU."""

    id: str
    sku: str
