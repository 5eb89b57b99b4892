"""HTTP routes of the cart, a customer's or a guest's."""

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, clock, guests, idempotency, ids, table
from common import api as shell
from common.access import Caller
from common.fields import Flag, OwnProse, Quantity
from orders import gift, guest_token
from orders.cart import store
from orders.cart.cart import Cart, CartEmpty, Line, UnknownProduct, named
from orders.cart.merge import merged
from orders.cart.view import (
    CartView,
    GuestView,
    LineView,
    MergeView,
    MovedView,
    Seen,
    cart_view,
    line_view,
)
from orders.catalogue import store as catalogue
from orders.catalogue.fields import SkuInPath
from orders.catalogue.product import Product
from orders.standing.standing import Standing
from orders.tariff import tariff

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DONE: dict[int, Any] = {204: {"description": "It is so"}}
LONGEST_CARD = 500


class LineBody(shell.Body):
    quantity: Quantity


class GiftBody(shell.Body):
    """`card` is written on a card in the parcel, in whose papers `hide_prices` leaves them out."""

    wrap: Flag = False
    card: Annotated[OwnProse, Field(max_length=LONGEST_CARD)] | None = None
    hide_prices: Flag = False


class MergeBody(shell.Body):
    guest_token: Annotated[str, Field(max_length=guest_token.LONGEST)]


@router.post("/v1/guest-carts", responses=shell.shown(GuestView, HTTPStatus.CREATED))
def begin_as_guest() -> Response[Any]:
    """Get a token for shopping without an account; nothing is stored before the first line."""
    view = GuestView(
        guest_token=guests.token(ids.new(clock.now())),
        expires_in=int(guests.LIFETIME.total_seconds()),
    )
    return shell.answer(view, HTTPStatus.CREATED)


@router.get("/v1/cart", responses=shell.shown(CartView))
def show_cart() -> Response[Any]:
    """Show the cart at today's prices, with totals and with what needs attention."""
    caller = guests.shopper(router)
    cart, standing = store.find_with_standing(caller.id)
    products, held = store.find_around(caller, cart)
    seen = Seen(tariff(os.environ), clock.now(), shell.language(router), held, standing)
    view = cart_view(cart, products, seen)
    return shell.answer(view, headers={"ETag": shell.etag(cart.version)})


@router.put("/v1/cart/lines/<sku>", responses=shell.shown(LineView))
def put_line(sku: SkuInPath, request: LineBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Put this quantity of a product into the cart, at the price of this moment."""
    caller = guests.shopper(router)
    put = partial(_put, caller, sku, request.quantity, if_match)
    line, product, standing, version = table.retried(put)
    currency, language = os.environ["CURRENCY"], shell.language(router)
    view = line_view(line, product, standing.tiers, currency, language)
    return shell.answer(view, headers={"ETag": shell.etag(version)})


@router.delete("/v1/cart/lines/<sku>", responses=DONE)
def remove_line(sku: SkuInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Take a product out of the cart; that it is not there is fine."""
    caller = guests.shopper(router)

    def remove(cart: Cart, now: datetime) -> int:
        there = named(cart.lines, sku)
        return store.remove_line(caller.id, cart, sku, now) if there else cart.version

    return _changed(caller, if_match, remove)


@router.put("/v1/cart/saved/<sku>", responses=DONE)
def save_line(sku: SkuInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Save a line of the cart for later; putting it into the cart brings it back."""
    caller = guests.shopper(router)

    def save(cart: Cart, now: datetime) -> int:
        line = cart.saving(sku)
        return store.save_line(caller.id, cart, line, now) if line else cart.version

    return _changed(caller, if_match, save)


@router.delete("/v1/cart/saved/<sku>", responses=DONE)
def remove_saved(sku: SkuInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Forget what was saved for later; that it is not there is fine."""
    caller = guests.shopper(router)

    def remove(cart: Cart, now: datetime) -> int:
        there = named(cart.saved, sku)
        return store.remove_saved(caller.id, cart, sku, now) if there else cart.version

    return _changed(caller, if_match, remove)


@router.put("/v1/cart/gift", responses=shell.shown(gift.GiftView))
def put_gift(request: GiftBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Make the order a present: wrapped, with a card, without prices in the parcel."""
    caller = guests.shopper(router)
    present = gift.Gift(request.wrap, request.card, request.hide_prices)

    def put(cart: Cart, now: datetime) -> int:
        if not cart.lines:
            raise CartEmpty
        return store.put_gift(caller.id, cart, present, now)

    version = table.retried(partial(_change, caller, if_match, put))
    return shell.answer(gift.view(present), headers={"ETag": shell.etag(version)})


@router.delete("/v1/cart/gift", responses=DONE)
def remove_gift(if_match: shell.IfMatch = None) -> Response[Any]:
    """The order is no present; that it was none is fine."""
    caller = guests.shopper(router)

    def remove(cart: Cart, now: datetime) -> int:
        return store.put_gift(caller.id, cart, None, now) if cart.gift else cart.version

    return _changed(caller, if_match, remove)


@router.post("/v1/cart/merge", responses=shell.shown(MergeView))
def merge_guest_cart(request: MergeBody, key: idempotency.Key) -> Response[Any]:
    """Move a guest's cart into the customer's: quantities add up, as far as there is stock."""
    caller = access.customer(router)
    guest_id = guest_token.guest_id(request.guest_token, clock.now())
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "cart/merge", key, request)
    merge = partial(table.retried, partial(_merge, call, caller, guest_id))
    return idempotency.once(call, shell.language(router), merge)


def _merge(
    call: idempotency.Attempt, caller: Caller, guest_id: str
) -> tuple[HTTPStatus, MergeView]:
    own, guest = store.find_both(caller.id, guest_id)
    products = catalogue.find_many(line.sku for line in guest.lines)
    result = merged(own, guest, products)
    view = MergeView(
        lines=[MovedView(sku=x.sku, quantity=x.quantity, outcome=x.outcome) for x in result.moved]
    )
    if guest.lines or guest.saved:
        store.merge(call, view, caller.id, guest_id, result, clock.now())
    else:
        idempotency.commit(call, HTTPStatus.OK, view)
    return HTTPStatus.OK, view


def _put(
    caller: Caller, sku: str, quantity: int, if_match: str | None
) -> tuple[Line, Product, Standing, int]:
    cart, product, standing = store.find_with(caller.id, sku)
    if product is None:
        raise UnknownProduct
    shell.require_match(if_match, cart.version)
    now = clock.now()
    line = cart.line_of(product, quantity, now)
    return line, product, standing, store.put_line(caller, cart, line, now)


def _changed(
    caller: Caller, if_match: str | None, change: Callable[[Cart, datetime], int]
) -> Response[Any]:
    version = table.retried(partial(_change, caller, if_match, change))
    return Response(HTTPStatus.NO_CONTENT, headers={"ETag": shell.etag(version)})


def _change(caller: Caller, if_match: str | None, change: Callable[[Cart, datetime], int]) -> int:
    cart = store.find(caller.id)
    shell.require_match(if_match, cart.version)
    return change(cart, clock.now())
