"""The HTTP route by which one customer gives money to another."""

import os
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, clock, idempotency, ids, ledger, table
from common import api as shell
from common.access import Act, Caller
from common.errors import Refusal
from common.language import Text
from orders.wallet import store
from orders.wallet.transaction import Kind, Transaction

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Amount = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]


class NoSuchRecipient(Refusal):
    """Nobody to give to: no such customer, or the giver themselves."""

    code = "no_such_recipient"
    title = Text(ru="Такого получателя нет.", en="There is no such recipient.")


class TransferBody(shell.Body):
    to_customer_id: Annotated[str, Field(pattern=shell.UUID)]
    amount_minor: Amount


class TransferView(shell.View):
    id: str
    amount_minor: int
    currency: str


@router.post("/v1/wallet/transfers", responses=shell.shown(TransferView))
def transfer(request: TransferBody, key: idempotency.Key) -> Response[Any]:
    """Give money to another customer; needs a step-up for `money`."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "wallet/transfers", key, request)
    effect = partial(_transfer, call, caller, request)
    return idempotency.once(call, shell.language(router), effect)


def _transfer(
    call: idempotency.Attempt, caller: Caller, request: TransferBody
) -> tuple[HTTPStatus, TransferView]:
    now, currency = clock.now(), os.environ["CURRENCY"]
    [session] = table.get_many(access.session_key(caller))
    access.require_proof(session, Act.MONEY, now)
    target, amount = request.to_customer_id, request.amount_minor
    if target == caller.id or not store.is_known(target):
        raise NoSuchRecipient
    transfer_id = ids.new(now)
    given, got = (
        Transaction(ids.at(now, transfer_id, who), who, Kind.TRANSFER, "balance", n, currency, now)
        for who, n in ((caller.id, -amount), (target, amount))
    )
    view = TransferView(id=transfer_id, amount_minor=amount, currency=currency)
    try:
        writes = store.transferred(transfer_id, given, got)
        idempotency.commit(call, HTTPStatus.OK, view, *writes)
    except table.ConditionFailed as refused:
        raise ledger.InsufficientFunds(needed=amount) from refused
    return HTTPStatus.OK, view
