"""What loyalty tells."""

from pydantic import AwareDatetime

from common.events import Erased, Event, ExportPart


class PointsAccrued(Event):
    """Points were added to the customer's account, to be spent until `expires_on`."""

    name = "loyalty.points_accrued.v1"

    customer_id: str
    order_id: str
    number: str
    points: int
    expires_on: str


class StandingChanged(Event):
    """What the customer spent in all has changed: `tiers` are theirs, from the lowest; to
    `next_tier`, if there is one, `left_minor` are missing."""

    name = "loyalty.standing_changed.v1"

    customer_id: str
    spent_minor: int
    tiers: tuple[str, ...]
    next_tier: str | None
    next_name_ru: str | None
    next_name_en: str | None
    left_minor: int | None


class CouponRulesChanged(Event):
    """A promo code is there, or has other terms: `percent` of the goods or `amount_minor` off
    goods of `from_minor` at least, for `most_uses` in all and `per_customer`."""

    name = "loyalty.coupon_rules_changed.v1"

    coupon: str
    percent: int
    amount_minor: int
    from_minor: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    most_uses: int | None
    per_customer: int | None


class CustomerErased(Erased):
    """What loyalty had of a customer is erased."""

    name = "loyalty.customer_erased.v1"


class ExportPartReady(ExportPart):
    """What loyalty has of a customer lies ready for their export."""

    name = "loyalty.export_part_ready.v1"
