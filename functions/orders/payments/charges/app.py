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
from common.language import Language, Text
from orders.order import store as orders
from orders.order.bill import Status
from orders.order.order import Order, State
from orders.payments import client, settling
from orders.payments.charges import words
from orders.payments.provider import NoAnswer, Seen

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3
Token = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_.:-]+$")]


class NothingToPay(Refusal):
    """The order waits for no payment: it is paid, cancelled, or paid otherwise."""

    code = "nothing_to_pay"
    title = Text(ru="Этот заказ не ждёт оплаты.", en="This order is not waiting for a payment.")


class PaymentBody(shell.Body):
    """`token` is what the provider's form made of a card; the shop never sees its number. SBP
    needs none."""

    order_id: Annotated[str, Field(pattern=shell.UUID)]
    token: Token | None = None


class PaymentView(shell.View):
    """A pending payment is made at `payment_url`, or by the QR code of `qr_payload`."""

    status: Status
    amount_minor: int
    currency: str
    payment_url: str | None
    qr_payload: str | None
    message: str
    what_next: str


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
    if earlier := call.find():
        raise idempotency.Repeated(earlier)
    order = _claimed(caller, request.order_id)
    try:
        seen = client.provider().charge(settling.charge(order, request.token, keep_card=False))
    except NoAnswer:
        seen = None
    for _ in range(ATTEMPTS):
        # The provider may have told by a webhook before it answered.
        order = orders.find(order.customer_id, order.id) or order
        after, writes = (seen and settling.settled(order, seen, clock.now())) or (order, [])
        view = _view(after, seen, language)
        try:
            idempotency.commit(call, HTTPStatus.OK, view, *writes)
        except table.ConditionFailed:
            continue
        return HTTPStatus.OK, view
    raise Busy


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


def _view(order: Order, seen: Seen | None, language: Language) -> PaymentView:
    pending = seen if order.bill.status is Status.PENDING else None
    return PaymentView(
        status=order.bill.status,
        amount_minor=order.bill.amount_minor,
        currency=order.currency,
        payment_url=pending.payment_url if pending else None,
        qr_payload=pending.qr_payload if pending else None,
        **words.told(order.bill.status, language),
    )
