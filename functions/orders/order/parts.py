"""What an order is made of: its lines, where they go, and whom to tell. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.language import Text
from common.pricing import Discount


@dataclass(frozen=True, slots=True)
class Line:
    """One line as bought; *shipped* lines were taken from stock. *paid_minor* is what is left of
    it to pay after *discount_minor* and points, *tax_minor* the tax in that. *returned* pieces are
    in returns that were not refused, for which *returned_minor* is promised or given back; of
    these, *excused* ones still count for the coupon's sum. A gift card is *money*."""

    sku: str
    name: Text
    quantity: int
    price_minor: int
    shipped: bool
    paid_minor: int = 0
    tax_minor: int = 0
    returned: int = 0
    returned_minor: int = 0
    discount_minor: int = 0
    excused: int = 0
    money: bool = False

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor

    @property
    def is_service(self) -> bool:
        return not self.shipped and not self.money

    @property
    def left(self) -> int:
        """The pieces that are in no return."""
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class Returned:
    """What an order's returns hold of it. Of the *open* ones, *source_minor* and *balance_minor*
    are promised; of all that were not refused, *minor* of money, *delivery_minor* of it for
    delivery, *points* (by lot) to be given back and *taken* of those that the order earned.
    *discount_minor* was kept back, since what stays does not come to its coupon's sum."""

    open: int = 0
    source_minor: int = 0
    balance_minor: int = 0
    minor: int = 0
    delivery_minor: int = 0
    taken: int = 0
    points: Mapping[str, int] = field(default_factory=dict)
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """The coupon that an order was placed with, and its terms at that moment. Of a *limited* one
    the uses are counted; where *per_customer* is a number, each customer's are, too."""

    code: str
    discount: Discount
    limited: bool
    per_customer: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who receives the goods where, by which *method* of which *carrier*, at which pick-up point
    if at one, and in how many days after the order if anybody promised."""

    recipient: str
    phone: str | None
    address: str
    method: str = "courier"
    carrier: str | None = None
    point_id: str | None = None
    days_min: int | None = None
    days_max: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a guest hears of the order: by one of the two at least."""

    email: str | None
    phone: str | None


NOTHING_RETURNED = Returned()
# Of an order of nothing that is shipped.
NOWHERE = Delivery(recipient="", phone=None, address="", method="none")
