"""The HTTP route by which an order is paid for."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import api as shell
from common import clock, guests, idempotency, table
from common.access import Caller
from common.errors import Busy, NotFound, Refusal
from common.fields import Flag
from common.language import Language, Text
from orders.order import store as orders
from orders.order.bill import Status
from orders.order.order import Order, State
from orders.payments import client
from orders.payments import settling_store as settling
from orders.payments.cards import store as cards
from orders.payments.charges.view import PaymentView, payment_view
from orders.payments.provider import NoAnswer

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3
Token = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_.:-]+$")]


class NothingToPay(Refusal):
    """The order waits for no payment: it is paid, cancelled, or paid otherwise."""

    code = "nothing_to_pay"
    title = Text(ru="Этот заказ не ждёт оплаты.", en="This order is not waiting for a payment.")


class PaymentBody(shell.Body):
    """`token` is what the provider's form made of a card; the shop never sees its number. A kept
    card is named by its id instead, or taken by default. SBP needs neither. `keep_card` keeps the
    card for the next time."""

    order_id: Annotated[str, Field(pattern=shell.UUID)]
    token: Token | None = None
    payment_method_id: Annotated[str, Field(pattern=shell.UUID)] | None = None
    keep_card: Flag = False


@router.post("/v1/payments", responses=shell.shown(PaymentView))
def pay(request: PaymentBody, key: idempotency.Key) -> Response[Any]:
    """Pay for an order that waits for it. Calling again never charges twice."""
    caller = guests.shopper(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "payments", key, request)
    language = shell.language(router)
    return idempotency.once(call, language, partial(_pay, call, caller, request, language))


def _pay(
    call: idempotency.Attempt, caller: Caller, request: PaymentBody, language: Language
) -> tuple[HTTPStatus, PaymentView]:
    call.require_new()
    token = _token(caller, request)
    order = _claimed(caller, request.order_id)
    try:
        keeps = request.keep_card and not caller.is_guest
        seen = client.provider().charge(settling.charge(order, token, keep_card=keeps))
    except NoAnswer:
        seen = None
    for _ in range(ATTEMPTS):
        # The provider may have told by a webhook before it answered.
        order = orders.find(order.customer_id, order.id) or order
        after, writes = (seen and settling.settled(order, seen, clock.now())) or (order, [])
        view = payment_view(after.bill, order.currency, seen, language)
        try:
            idempotency.commit(call, HTTPStatus.OK, view, *writes)
        except table.ConditionFailed:
            continue
        return HTTPStatus.OK, view
    raise Busy


def _token(caller: Caller, request: PaymentBody) -> str | None:
    """What to pay with: as named, or the customer's default card."""
    if request.token or caller.is_guest:
        return request.token
    kept = cards.every(caller.id)
    named = request.payment_method_id
    chosen = [card for card in kept if (card.id == named if named else card.is_default)]
    if named and not chosen:
        raise NotFound
    return chosen[0].token if chosen else None


def _claimed(caller: Caller, order_id: str) -> Order:
    """The caller's order, noted as being paid for before anybody is asked."""
    for _ in range(ATTEMPTS):
        order = orders.find_live(caller, order_id)
        if order is None:
            raise NotFound
        if order.state is not State.AWAITING_PAYMENT:
            raise NothingToPay(state=order.state)
        if order.bill.status is Status.PENDING:
            return order
        after = order.billed(order.bill.asked())
        try:
            table.commit(*settling.asked(order, after, clock.now()))
        except table.ConditionFailed:
            continue
        return after
    raise Busy
