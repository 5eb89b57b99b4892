"""How a coupon is shown. Pure."""

from datetime import datetime

from common import api as shell
from common.language import Language
from orders.coupons.coupon import CouponNeedsMore, Held


class CouponProblemView(shell.View):
    """Why it takes nothing off; `left_minor` is what the goods are short of, where it is that."""

    code: str
    message: str
    left_minor: int | None


class CouponView(shell.View):
    """`percent` of the goods or `amount_minor` off, if they come to `from_minor`: for the cart as
    it is, `discount_minor`."""

    code: str
    percent: int
    amount_minor: int
    from_minor: int
    ends_at: datetime | None
    discount_minor: int
    problem: CouponProblemView | None


def coupon_view(held: Held, goods_minor: int, now: datetime, language: Language) -> CouponView:
    refusal = held.refusal(goods_minor, now)
    coupon, terms = held.coupon, held.coupon.discount
    problem = None
    if refusal:
        left = terms.from_minor - goods_minor if isinstance(refusal, CouponNeedsMore) else None
        message = refusal.title[language]
        problem = CouponProblemView(code=refusal.code, message=message, left_minor=left)
    return CouponView(
        code=coupon.code,
        percent=terms.percent,
        amount_minor=terms.amount_minor,
        from_minor=terms.from_minor,
        ends_at=coupon.ends_at,
        discount_minor=0 if refusal else terms.of(goods_minor),
        problem=problem,
    )
