"""The HTTP route of checkout."""

import os
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access, clock, idempotency, ids
from common import api as shell
from common.access import Caller
from common.errors import Refusal
from common.fields import Line, Phone, Points
from common.language import Text
from orders.cart import store as carts
from orders.cart.cart import Cart, CartEmpty
from orders.checkout import checkout, store
from orders.order.order import Delivery, Order
from orders.order.view import PlacedView, order_view
from orders.tariff import Tariff, tariff

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

THANKS = Text(
    ru="Спасибо! Заказ {number} принят, товары уже отложены для вас. Скоро начнём собирать его и "
    "напишем, когда он отправится.",
    en="Thank you! We have your order {number} and set the goods aside for you. We will pack it "
    "soon and write to you when it is on its way.",
)


class DeliveryBody(shell.Body):
    recipient: Line
    phone: Phone | None = None
    address: Line


class CheckoutBody(shell.Body):
    """Prices are the shop's: a client sends none. One point is worth one unit of currency."""

    delivery: DeliveryBody
    payment: Literal["cash_on_delivery"]
    points_to_spend: Points = 0

    def request(self) -> checkout.Request:
        to = Delivery(self.delivery.recipient, self.delivery.phone, self.delivery.address)
        return checkout.Request(to, self.payment, self.points_to_spend)


class PricesMoved(Exception):
    """The checkout is refused, and its customer is about to learn the new prices."""

    def __init__(self, refusal: Refusal, cart: Cart, prices: dict[str, int]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.cart = cart
        self.prices = prices

    def refuse(self) -> tuple[HTTPStatus, PlacedView]:
        raise self.refusal


@router.post("/v1/checkout", responses=shell.shown(PlacedView, HTTPStatus.CREATED))
def check_out(request: CheckoutBody, key: idempotency.Key) -> Response[Any]:
    """Place an order for what is in the cart, at the prices the cart was seen at."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "checkout", key, request)
    return _answer(call, caller, request.request())


def _answer(call: idempotency.Attempt, caller: Caller, request: checkout.Request) -> Response[Any]:
    """Moved prices enter the cart as the refusal goes on record: nobody pays them unseen, and a
    repeated call finds both done."""
    language = shell.language(router)
    try:
        return idempotency.once(call, language, partial(_place, call, caller, request))
    except PricesMoved as moved:
        shown = carts.repriced(caller.id, moved.cart, moved.prices, clock.now())
        return idempotency.once(call, language, moved.refuse, shown)


def _place(
    call: idempotency.Attempt, caller: Caller, request: checkout.Request
) -> tuple[HTTPStatus, PlacedView]:
    cart, account = store.read(caller, with_points=request.points > 0)
    if not cart.lines:
        # The first call of a repeated one emptied the cart.
        if earlier := call.find():
            raise idempotency.Repeated(earlier)
        raise CartEmpty
    now = clock.now()
    terms = tariff(os.environ)
    day = clock.day_of(now)
    order = checkout.order(ids.new(now), caller.id, cart, account, request, terms, now, day)
    view = _view(order)
    try:
        store.place(call, view, order, cart)
    except store.Refused as refused:
        raise _refusal(order, cart, refused.obstacles, terms) from refused
    return HTTPStatus.CREATED, view


def _refusal(order: Order, cart: Cart, obstacles: checkout.Obstacles, terms: Tariff) -> Exception:
    refusal = checkout.refusal(order, cart, obstacles, terms)
    shown = {line.sku: line.price_minor for line in cart.lines}
    now = checkout.new_prices(obstacles)
    moved = {sku: price for sku, price in now.items() if shown[sku] != price}
    told = moved and isinstance(refusal, checkout.LinesRefused)
    return PricesMoved(refusal, cart, moved) if told else refusal


def _view(order: Order) -> PlacedView:
    language = shell.language(router)
    message = THANKS[language].format(number=order.number)
    return order_view(PlacedView, order, language, message=message)
