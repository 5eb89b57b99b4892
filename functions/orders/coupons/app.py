"""HTTP routes of the cart's coupon."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, StringConstraints

from common import api as shell
from common import clock, guests, limits, networks, pricing, table
from common.access import Caller
from orders.cart import store as carts
from orders.cart.cart import CartEmpty
from orders.coupons.coupon import CouponNeedsMore, Held, UnknownCoupon
from orders.coupons.view import CouponView, coupon_view

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DONE: dict[int, Any] = {204: {"description": "It is so"}}
# More than people mistype.
ATTEMPTS = limits.Limit("coupon", 20, 60 * 60)
# Of one address of the network, from which many may shop: a guest could begin anew for each guess.
GUESTS_ATTEMPTS = limits.Limit("coupon-guests", 100, 60 * 60)
Typed = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z-]{3,24}$", strip_whitespace=True),
    AfterValidator(str.upper),
]


class CartCouponBody(shell.Body):
    """`code` in capitals or not."""

    code: Typed


@router.put("/v1/cart/coupon", responses=shell.shown(CouponView))
def put_coupon(request: CartCouponBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Try a promo code on the cart; one that needs more goods waits for them. Twenty may be tried
    in an hour, and by all guests behind one address a hundred."""
    caller = guests.shopper(router)
    _count(caller)
    held, goods, version = table.retried(partial(_put, caller, request.code, if_match))
    view = coupon_view(held, goods, clock.now(), shell.language(router))
    return shell.answer(view, headers={"ETag": shell.etag(version)})


@router.delete("/v1/cart/coupon", responses=DONE)
def remove_coupon(if_match: shell.IfMatch = None) -> Response[Any]:
    """Take the promo code off the cart; that there is none is fine."""
    version = table.retried(partial(_remove, guests.shopper(router), if_match))
    return Response(HTTPStatus.NO_CONTENT, headers={"ETag": shell.etag(version)})


def _count(caller: Caller) -> None:
    """TooManyRequests, of the caller's or, for a guest, of the network's that they come from."""
    limits.take(ATTEMPTS, caller.id)
    if caller.is_guest:
        networks.take(router, GUESTS_ATTEMPTS)


def _put(caller: Caller, code: str, if_match: str | None) -> tuple[Held, int, int]:
    cart, held = carts.find_with_coupon(caller, code)
    shell.require_match(if_match, cart.version)
    if not cart.lines:
        raise CartEmpty
    if held is None:
        raise UnknownCoupon
    now, goods = clock.now(), pricing.reducible_minor(cart.priced())
    refusal = held.refusal(goods, now)
    if refusal and not isinstance(refusal, CouponNeedsMore):
        raise refusal
    return held, goods, carts.put_coupon(caller.id, cart, code, now)


def _remove(caller: Caller, if_match: str | None) -> int:
    cart = carts.find(caller.id)
    shell.require_match(if_match, cart.version)
    return carts.put_coupon(caller.id, cart, None, clock.now()) if cart.coupon else cart.version
