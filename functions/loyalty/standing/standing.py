"""What a customer spent in all, and the tier that it brings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from common import ids
from common.events.loyalty import StandingChanged
from common.language import Text


@dataclass(frozen=True, slots=True)
class Tier:
    """Whoever spent *from_minor* has *earn_percent* of what they pay back in points."""

    code: str
    name: Text
    from_minor: int
    earn_percent: int


# A standing's that nothing moved yet, written or not.
FIRST = 1
# From the lowest to the highest; the lowest is everybody's.
TIERS = (
    Tier("basic", Text(ru="Базовый", en="Basic"), 0, 5),
    Tier("silver", Text(ru="Серебряный", en="Silver"), 3_000_000, 7),
    Tier("gold", Text(ru="Золотой", en="Gold"), 10_000_000, 10),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What of an order is among a customer's spending: *paid_minor* once it was delivered to the
    account, None before, and for ever where a guest had it; what came back, by return."""

    order_id: str
    version: int = 0
    paid_minor: int | None = None
    returns: Mapping[str, int] = field(default_factory=dict)

    @property
    def net_minor(self) -> int:
        return 0 if self.paid_minor is None else self.paid_minor - sum(self.returns.values())

    def paid(self, amount: int) -> "Counted":
        return replace(self, version=self.version + 1, paid_minor=amount)

    def returned(self, return_id: str, amount: int) -> "Counted":
        returns = {**self.returns, return_id: amount}
        return replace(self, version=self.version + 1, returns=returns)


@dataclass(frozen=True, slots=True)
class Standing:
    """*spent_minor* is the money that was paid for what was delivered, less that of what came
    back. *version* counts what moved it, from FIRST."""

    customer_id: str
    spent_minor: int = 0
    version: int = FIRST

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """All that the customer has, from the lowest."""
        reached = max(0, self.spent_minor)
        return tuple(tier for tier in TIERS if tier.from_minor <= reached)

    @property
    def tier(self) -> Tier:
        return self.tiers[-1]

    @property
    def next_tier(self) -> Tier | None:
        return next((tier for tier in TIERS if tier.from_minor > max(0, self.spent_minor)), None)

    @property
    def left_minor(self) -> int | None:
        """What is missing to the next tier, None at the highest."""
        return self.next_tier.from_minor - max(0, self.spent_minor) if self.next_tier else None

    def moved(self, amount: int) -> "Standing":
        """The standing with *amount* more spent, or less where it is below zero."""
        return replace(self, spent_minor=self.spent_minor + amount, version=self.version + 1)

    def told(self, cause_id: str, at: datetime) -> StandingChanged:
        """The event by which carts learn of it."""
        upper = self.next_tier
        return StandingChanged(
            id=ids.derived(cause_id, StandingChanged.name),
            occurred_at=at,
            subject_version=self.version,
            customer_id=self.customer_id,
            spent_minor=self.spent_minor,
            tiers=tuple(tier.code for tier in self.tiers),
            next_tier=upper.code if upper else None,
            next_name_ru=upper.name.ru if upper else None,
            next_name_en=upper.name.en if upper else None,
            left_minor=self.left_minor,
        )
