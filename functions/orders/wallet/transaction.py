"""A customer's money in their own eyes: each movement, dated and signed. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# What a balance was topped up with, beside the means of payment.
BY_GIFT_CARD = "gift_card"


class Kind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    TOP_UP = "top_up"
    TRANSFER = "transfer"
    GIFT_CARD = "gift_card"


@dataclass(frozen=True, slots=True)
class Transaction:
    """*amount_minor* is below zero where the customer gives; *by* is the balance, or what was
    paid with outside of it."""

    id: str
    customer_id: str
    kind: Kind
    by: str
    amount_minor: int
    currency: str
    at: datetime
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which transactions are asked for; what is None leaves all."""

    kind: Kind | None = None
    least_minor: int | None = None
    most_minor: int | None = None

    def admits(self, one: Transaction) -> bool:
        """Sums are meant without their sign."""
        size = abs(one.amount_minor)
        return (
            self.kind in (None, one.kind)
            and (self.least_minor is None or size >= self.least_minor)
            and (self.most_minor is None or size <= self.most_minor)
        )
