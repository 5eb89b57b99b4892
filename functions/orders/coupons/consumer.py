"""Coupons become known to carts and checkouts as loyalty tells of them."""

from dataclasses import replace
from functools import partial

from common import ledger, pricing, table
from common.events.loyalty import CouponRulesChanged
from orders.coupons import store
from orders.coupons.coupon import Coupon, granting, more_uses


def keep(told: CouponRulesChanged) -> None:
    """Keep the coupon's newest terms; news older than what is known change nothing."""
    table.retried(partial(_keep, told))


def _keep(told: CouponRulesChanged) -> None:
    known, left = store.find(told.coupon)
    if known and known.version >= told.subject_version:
        return
    coupon = _coupon(told)
    more = more_uses(coupon, known, left)
    coupon = replace(coupon, granted=(known.granted if known else 0) + more)
    store.save(coupon, known, *(ledger.post(granting(coupon, more, told)) if more else []))


def _coupon(told: CouponRulesChanged) -> Coupon:
    return Coupon(
        code=told.coupon,
        version=told.subject_version,
        discount=pricing.Discount(told.percent, told.amount_minor, told.from_minor),
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        most_uses=told.most_uses,
        per_customer=told.per_customer,
    )
