"""The HTTP route of claims."""

from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access, idempotency, table
from common import api as shell
from common.access import Caller
from common.errors import Busy
from orders.claims import store
from orders.order.view import OrderBrief, brief

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3


class ClaimsView(shell.View):
    """The orders that are the customer's now; `more` says that another call would find some."""

    orders: list[OrderBrief]
    more: bool


@router.post("/v1/orders/claims", responses=shell.shown(ClaimsView))
def claim_orders(key: idempotency.Key) -> Response[Any]:
    """Take over the orders that were placed as a guest with a contact proven since."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "orders/claims", key, shell.Body())
    return idempotency.once(call, shell.language(router), partial(_claim, call, caller))


def _claim(call: idempotency.Attempt, caller: Caller) -> tuple[HTTPStatus, ClaimsView]:
    for _ in range(ATTEMPTS):
        found = store.waiting(caller)
        moves = [(order, order.claimed(caller.id)) for order in found]
        view = ClaimsView(
            orders=[brief(after) for _, after in moves], more=len(moves) == store.MOST_AT_ONCE
        )
        try:
            store.claim(call, view, moves)
        except table.ConditionFailed:
            continue
        return HTTPStatus.OK, view
    raise Busy
