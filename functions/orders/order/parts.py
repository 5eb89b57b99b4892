"""What an order is made of: its lines, where they go, and whom to tell. Pure."""

from dataclasses import dataclass

from common.language import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One line as bought; *shipped* lines were taken from stock. *paid_minor* is what is left of
    it to pay after points, *tax_minor* the tax in that."""

    sku: str
    name: Text
    quantity: int
    price_minor: int
    shipped: bool
    paid_minor: int = 0
    tax_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor


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
