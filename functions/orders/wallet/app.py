"""HTTP routes of the balance."""

import os
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, clock, guests, idempotency, ids, table
from common import api as shell
from common.access import Caller
from common.errors import Busy
from common.language import Language
from orders.order.bill import Method, Status, require_available
from orders.payments import client
from orders.payments.charges.app import Token
from orders.payments.charges.view import PaymentView, payment_view
from orders.payments.provider import NoAnswer
from orders.wallet import store
from orders.wallet.top_up import TopUp

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3
# Minor units: a balance is for buying here, not for keeping money.
Amount = Annotated[int, Field(strict=True, ge=100, le=100_000_000)]


class WalletView(shell.View):
    """`available_minor` can be spent at checkout, or given to another customer."""

    available_minor: int
    currency: str


class TopUpBody(shell.Body):
    """`token` is what the provider's form made of a card; SBP needs none."""

    amount_minor: Amount
    method: Literal[Method.CARD, Method.SBP]
    token: Token | None = None


@router.get("/v1/wallet")
def show_balance() -> WalletView:
    """Show the customer's balance."""
    balance = store.balance(access.customer(router))
    held = balance.available(clock.today())
    return WalletView(available_minor=held, currency=os.environ["CURRENCY"])


@router.post("/v1/wallet/top-ups", responses=shell.shown(PaymentView))
def top_up(request: TopUpBody, key: idempotency.Key) -> Response[Any]:
    """Put money on the balance. The same key never charges twice."""
    caller = access.customer(router)
    require_available(request.method, os.environ["CURRENCY"])
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "wallet/top-ups", key, request)
    language = shell.language(router)
    return idempotency.once(call, language, partial(_top_up, call, caller, request, language))


def _top_up(
    call: idempotency.Attempt, caller: Caller, request: TopUpBody, language: Language
) -> tuple[HTTPStatus, PaymentView]:
    call.require_new()
    guests.get_live(caller)  # Unauthorized when the session has ended
    one = store.begin(_wanted(call, caller, request))
    try:
        seen = client.provider().charge(one.charge(request.token))
    except NoAnswer:
        seen = None
    for _ in range(ATTEMPTS):
        one = store.find(caller.id, one.id) or one
        after = one.settled(seen) if seen else None
        view = payment_view(after or one, one.currency, seen, language)
        writes = store.settled(after, clock.now()) if after else []
        try:
            idempotency.commit(call, HTTPStatus.OK, view, *writes)
        except table.ConditionFailed:
            continue
        return HTTPStatus.OK, view
    raise Busy


def _wanted(call: idempotency.Attempt, caller: Caller, request: TopUpBody) -> TopUp:
    """Its id follows from the key: whoever comes again after a fault tops up the same."""
    one_id = ids.derived(caller.id, f"top-up:{call.key}:{call.body_hash}")
    asked = request.method, request.amount_minor, os.environ["CURRENCY"], clock.now()
    return TopUp(one_id, caller.id, *asked, Status.PENDING)
