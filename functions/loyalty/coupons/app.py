"""HTTP routes of promo codes, the staff's."""

import os
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from common import access, clock, cursors, fields
from common import api as shell
from common.access import Role
from common.errors import NotFound
from common.fields import Minor
from common.language import Text
from loyalty.coupons import store
from loyalty.coupons.coupon import Coupon

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

CodeInPath = Annotated[str, Path(pattern=r"^[0-9A-Z-]{3,24}$")]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Uses = Annotated[int, Field(strict=True, ge=1, le=10**9)]

fields.REASONS["one_discount"] = Text(
    ru="Укажите одно из двух: процент или сумму скидки.",
    en="Name one of two: a percentage or a sum.",
)
fields.REASONS["ends_first"] = Text(
    ru="Конец раньше начала.", en="The end is before the beginning."
)


class CouponBody(shell.Body):
    """`percent` of the goods or `amount_minor` off, one of the two, if they come to `from_minor`.
    Good from `starts_at`, or at once, until `ends_at`; for `most_uses` in all and `per_customer`,
    which are not counted where they are left out."""

    percent: Percent = 0
    amount_minor: Minor = 0
    from_minor: Minor = 0
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    most_uses: Uses | None = None
    per_customer: Annotated[Uses, Field(le=1000)] | None = None

    @model_validator(mode="after")
    def _takes_one_thing_off(self) -> Self:
        if bool(self.percent) == bool(self.amount_minor):
            raise PydanticCustomError("one_discount", "a percentage or a sum is needed")
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_first", "ends_at is not after starts_at")
        return self

    def coupon(self, code: str, version: int, now: datetime) -> Coupon:
        terms = self.model_dump() | {"starts_at": self.starts_at or now}
        return Coupon(code=code, version=version, **terms)


class CouponRulesView(shell.View):
    """A promo code's terms, as they were set."""

    code: str
    percent: int
    amount_minor: int
    from_minor: int
    currency: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    most_uses: int | None
    per_customer: int | None
    version: int


class CouponPage(shell.View):
    items: list[CouponRulesView]
    next_cursor: str | None


@router.get("/v1/staff/coupons")
def list_coupons(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> CouponPage:
    """List the promo codes, by their letters."""
    caller = access.staff(router)
    page = store.page(limit, cursors.unseal(caller.id, "coupons", cursor))
    items = [_view(store.parse(item)) for item in page.items]
    return CouponPage(items=items, next_cursor=cursors.seal(caller.id, "coupons", page.last))


@router.get("/v1/staff/coupons/<code>", responses=shell.shown(CouponRulesView))
def show_coupon(code: CodeInPath) -> Response[Any]:
    """Show a promo code's terms."""
    access.staff(router)
    coupon = store.find(code)
    if coupon is None:
        raise NotFound
    return shell.answer(_view(coupon), headers={"ETag": shell.etag(coupon.version)})


@router.put("/v1/staff/coupons/<code>", responses=shell.shown(CouponRulesView))
def put_coupon(
    code: CodeInPath, request: CouponBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Make a promo code, or change its terms; orders that were placed keep theirs. Put again as it
    is, it stays so."""
    access.staff(router, Role.MANAGER)
    known, now = store.find(code), clock.now()
    version = known.version if known else 0
    shell.require_match(if_match, version)
    coupon = request.coupon(code, version, known.starts_at if known else now)
    if coupon != known:
        coupon = replace(coupon, version=version + 1)
        store.save(coupon, now)
    return shell.answer(_view(coupon), headers={"ETag": shell.etag(coupon.version)})


def _view(coupon: Coupon) -> CouponRulesView:
    sums = {"amount_minor": coupon.amount_minor, "from_minor": coupon.from_minor}
    return CouponRulesView(
        code=coupon.code,
        percent=coupon.percent,
        **sums,
        currency=os.environ["CURRENCY"],
        starts_at=coupon.starts_at,
        ends_at=coupon.ends_at,
        most_uses=coupon.most_uses,
        per_customer=coupon.per_customer,
        version=coupon.version,
    )
