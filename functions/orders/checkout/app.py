"""The HTTP route of checkout."""

import os
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from common import api as shell
from common import clock, guests, idempotency, ids, offers, pricing
from common.access import Caller
from common.errors import Invalid, Refusal
from common.events.orders import GuestContactGiven
from common.language import Language
from orders.cart import store as carts
from orders.cart.cart import Cart, CartEmpty
from orders.checkout import checkout, store, words
from orders.checkout.body import CheckoutBody
from orders.checkout.refusals import LinesRefused
from orders.coupons import store as coupons
from orders.coupons.coupon import UnknownCoupon
from orders.delivery import carrier, quote
from orders.delivery.quote import KIND, Offer, QuoteExpired
from orders.delivery.rates import Table
from orders.order.order import Order
from orders.order.parts import NOWHERE, Contact, Delivery, Used
from orders.order.view import BoughtView, PlacedView, bought, order_view
from orders.tariff import tariff

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DryRun = Annotated[
    Literal["true", "false"],
    Query(description="true answers what would be ordered, and orders nothing"),
]


class PreviewView(BoughtView):
    """What the same call would order at this moment."""


class PricesMoved(Exception):
    """The checkout is refused, and its customer is about to learn the new prices."""

    def __init__(self, refusal: Refusal, cart: Cart, prices: dict[str, int]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.cart = cart
        self.prices = prices

    def refuse(self) -> tuple[HTTPStatus, PlacedView]:
        raise self.refusal


@router.post(
    "/v1/checkout",
    responses=shell.shown(PlacedView, HTTPStatus.CREATED) | shell.shown(PreviewView),
)
def check_out(
    request: CheckoutBody, key: idempotency.Key, dry_run: DryRun = "false"
) -> Response[Any]:
    """Place an order for what is in the cart, at the prices the cart was seen at."""
    caller = guests.shopper(router)
    if dry_run == "true":
        return shell.answer(_preview(caller, request))
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "checkout", key, request)
    return _answer(call, caller, request)


def _answer(call: idempotency.Attempt, caller: Caller, request: CheckoutBody) -> Response[Any]:
    """Moved prices enter the cart as the refusal goes on record: nobody pays them unseen, and a
    repeated call finds both done."""
    language = shell.language(router)
    try:
        return idempotency.once(call, language, partial(_place, call, caller, request))
    except PricesMoved as moved:
        shown = carts.repriced(caller.id, moved.cart, moved.prices, clock.now())
        return idempotency.once(call, language, moved.refuse, shown)


def _place(
    call: idempotency.Attempt, caller: Caller, request: CheckoutBody
) -> tuple[HTTPStatus, PlacedView]:
    try:
        draft = _draft(caller, request)
    except CartEmpty:
        # The first call of a repeated one emptied the cart.
        call.require_new()
        raise
    language = shell.language(router)
    order = draft.order
    view = order_view(PlacedView, order, language, **words.told(order, language))
    try:
        store.place(call, view, draft, _contact_given(order, language))
    except store.Refused as refused:
        raise _refusal(draft, refused.obstacles) from refused
    return HTTPStatus.CREATED, view


def _preview(caller: Caller, request: CheckoutBody) -> PreviewView:
    """What `_place` would answer, or refuse with, decided by a look at the shelves, and at the
    balance if that is to pay."""
    draft = _draft(caller, request)
    if obstacles := checkout.foreseen(draft, *store.look(draft)):
        raise checkout.refusal(draft, obstacles)
    return PreviewView.model_validate(bought(draft.order, shell.language(router)))


def _draft(caller: Caller, request: CheckoutBody) -> checkout.Draft:
    """The order that *request* makes of the caller's cart, as they were just read."""
    to = request.delivery
    points = request.points_to_spend
    address_id, quote_id = (to.address_id, to.quote_id) if to else (None, None)
    unquoted = to is not None and quote_id is None
    around = store.read(caller, with_points=points > 0, address_id=address_id, with_rates=unquoted)
    cart, standing, account, entry, rates = around
    if not cart.lines:
        raise CartEmpty
    now, terms = clock.now(), tariff(os.environ)
    offer = _offer(caller, cart, quote_id, now) if quote_id is not None else None
    if offer:
        terms = replace(terms, delivery=offer.way.tariff(terms.delivery))
    contact = _contact(caller, request)
    balance = request.balance_to_spend_minor
    if unquoted and cart.is_shipped:
        _require_flat(rates)
    where = to.delivery(entry, offer) if to else _nowhere(cart)
    coupon = _coupon(caller, cart, now)
    wanted = checkout.Request(where, request.payment, points, contact, balance, coupon)
    day = clock.day_of(now)
    order = checkout.order(ids.new(now), caller.id, cart, account, wanted, terms, now, day)
    return checkout.Draft(order, cart, terms, standing.tiers)


def _coupon(caller: Caller, cart: Cart, now: datetime) -> Used | None:
    """The cart's coupon; one more round trip. Raise why it is not to be had."""
    if cart.coupon is None:
        return None
    held = coupons.find_held(caller, cart.coupon)
    if held is None:
        raise UnknownCoupon
    if refusal := held.refusal(pricing.reducible_minor(cart.priced()), now):
        raise refusal
    return held.coupon.used()


def _offer(caller: Caller, cart: Cart, quote_id: str, now: datetime) -> Offer:
    terms = offers.unseal(KIND, caller.id, quote_id, now)
    if terms is None or not (offered := quote.offer(terms)).fits(cart):
        raise QuoteExpired
    return offered


def _require_flat(rates: Table) -> None:
    """The flat fee is for a shop that has no other: where a table or a carrier says what a place
    costs, raise Invalid."""
    if rates.zones or carrier.is_asked():
        raise Invalid(errors=[{"field": "body.delivery.quote_id", "code": "quote_needed"}])


def _nowhere(cart: Cart) -> Delivery:
    """Raise Invalid where anything is to be shipped."""
    if cart.is_shipped:
        raise Invalid(errors=[{"field": "body.delivery", "code": "delivery_needed"}])
    return NOWHERE


def _contact(caller: Caller, request: CheckoutBody) -> Contact | None:
    """A guest's contact; a customer has those of the account, and needs none."""
    if request.contact is None and caller.is_guest:
        raise Invalid(errors=[{"field": "body.contact", "code": "some_contact"}])
    return request.contact.contact() if request.contact and caller.is_guest else None


def _contact_given(order: Order, language: Language) -> GuestContactGiven | None:
    """The event that lets a guest be written to."""
    if order.contact is None:
        return None
    return GuestContactGiven(
        id=ids.derived(order.id, "contact"),
        occurred_at=order.placed_at,
        subject_version=int(order.placed_at.timestamp()),
        customer_id=order.customer_id,
        email=order.contact.email,
        phone=order.contact.phone,
        language=language,
        time_zone=os.environ["SHOP_TIME_ZONE"],
    )


def _refusal(draft: checkout.Draft, obstacles: checkout.Obstacles) -> Exception:
    refusal = checkout.refusal(draft, obstacles)
    shown = {line.sku: line.price_minor for line in draft.cart.lines}
    now = checkout.new_prices(obstacles)
    moved = {sku: price for sku, price in now.items() if shown[sku] != price}
    told = moved and isinstance(refusal, LinesRefused)
    return PricesMoved(refusal, draft.cart, moved) if told else refusal
