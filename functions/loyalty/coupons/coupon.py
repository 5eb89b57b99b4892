"""A promo code and its terms. Pure."""

from dataclasses import dataclass
from datetime import datetime

from common import ids
from common.events.loyalty import CouponRulesChanged


@dataclass(frozen=True, slots=True)
class Coupon:
    """*percent* of the goods or *amount_minor* off, if they come to *from_minor*; good from
    *starts_at* until *ends_at*, for *most_uses* in all and *per_customer*, None without bounds."""

    code: str
    version: int
    percent: int
    amount_minor: int
    from_minor: int
    starts_at: datetime
    ends_at: datetime | None
    most_uses: int | None
    per_customer: int | None

    def told(self, at: datetime) -> CouponRulesChanged:
        """The event by which orders learns of it."""
        return CouponRulesChanged(
            id=ids.new(at),
            occurred_at=at,
            subject_version=self.version,
            coupon=self.code,
            percent=self.percent,
            amount_minor=self.amount_minor,
            from_minor=self.from_minor,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            most_uses=self.most_uses,
            per_customer=self.per_customer,
        )
