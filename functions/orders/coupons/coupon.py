"""Coupons: what a code takes off an order, and when it does not. Pure."""

from dataclasses import dataclass
from datetime import datetime

from common import ids, ledger, pricing
from common.errors import Problem, Refusal
from common.events import Event
from common.language import Text
from orders.order.parts import Used

# The account that uses come from when a coupon is issued, and go to when one is spent.
ISSUED = "shop:coupons:issued"
SPENT = "shop:coupons:spent"


class UnknownCoupon(Problem):
    """No coupon has this code."""

    status = 404
    code = "unknown_coupon"
    title = Text(
        ru="Такого промокода нет. Проверьте, всё ли введено верно.",
        en="There is no such promo code. Please check how it is written.",
    )


class CouponNotValid(Refusal):
    """It is not yet good, or no longer."""

    code = "coupon_not_valid"
    title = Text(
        ru="Этот промокод сейчас не действует.", en="This promo code is not valid at the moment."
    )


class CouponNeedsAccount(Refusal):
    """How often each customer used it is counted; a guest is nobody to count for."""

    code = "coupon_needs_account"
    title = Text(
        ru="Войдите в личный кабинет, чтобы применить этот промокод.",
        en="Sign in to use this promo code.",
    )


class CouponUsed(Refusal):
    """The customer used it as often as each customer may."""

    code = "coupon_used"
    title = Text(ru="Вы уже воспользовались этим промокодом.", en="You have used this promo code.")


class CouponUsedUp(Refusal):
    """All customers together used it as often as they may."""

    code = "coupon_used_up"
    title = Text(ru="Этот промокод уже закончился.", en="This promo code has run out.")


class CouponNeedsMore(Refusal):
    """The goods do not come to the coupon's sum; `left_minor` is missing."""

    code = "coupon_needs_more"
    title = Text(
        ru="Для этого промокода сумма товаров пока маловата.",
        en="The goods do not come to this promo code's sum yet.",
    )


@dataclass(frozen=True, slots=True)
class Coupon:
    """Good from *starts_at* until *ends_at*, for *most_uses* in all and *per_customer*; what is
    None has no bound, and nobody counts it. Uses that were *granted* are spent or left."""

    code: str
    version: int
    discount: pricing.Discount
    starts_at: datetime
    ends_at: datetime | None
    most_uses: int | None
    per_customer: int | None
    granted: int = 0

    def used(self) -> Used:
        return Used(self.code, self.discount, self.most_uses is not None, self.per_customer)

    def is_good(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Held:
    """A coupon as a shopper finds it, who used it *own_uses* times; *left* are uses for all."""

    coupon: Coupon
    own_uses: int
    left: int
    is_guest: bool

    def discount(self, goods_minor: int, now: datetime) -> pricing.Discount:
        """What it takes off *goods_minor* now."""
        return pricing.NO_DISCOUNT if self.refusal(goods_minor, now) else self.coupon.discount

    def refusal(self, goods_minor: int, now: datetime) -> Refusal | None:
        """Why it takes nothing off *goods_minor*."""
        coupon, most = self.coupon, self.coupon.per_customer
        if not coupon.is_good(now):
            return CouponNotValid()
        if coupon.most_uses is not None and self.left < 1:
            return CouponUsedUp()
        if most is not None and self.is_guest:
            return CouponNeedsAccount()
        if most is not None and self.own_uses >= most:
            return CouponUsed()
        if missing := max(0, coupon.discount.from_minor - goods_minor):
            return CouponNeedsMore(left_minor=missing)
        return None


def more_uses(coupon: Coupon, known: Coupon | None, left: int) -> int:
    """How many uses are to be granted, below zero taken away, so that there are as many in all as
    *coupon* says: none is taken that is not among the *left*."""
    before = known.granted if known else 0
    return max((coupon.most_uses or 0) - before, -left)


def granting(coupon: Coupon, more: int, cause: Event) -> ledger.Posting:
    """The posting that grants so many uses *more*, or takes them away."""
    left = account(coupon.code)
    ends = (ISSUED, left) if more > 0 else (left, ISSUED)
    legs = ledger.transfer(*ends, {ledger.NEVER: abs(more)})
    return ledger.Posting(ids.derived(cause.id, "uses"), "coupon_uses", cause.occurred_at, legs)


def account(code: str) -> str:
    """Where the uses lie that are left."""
    return f"coupon:{code}:uses"
