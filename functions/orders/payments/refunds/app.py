"""HTTP routes by which staff give money back, or say that the shop failed."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, clock, guests, idempotency
from common import api as shell
from common.access import Role
from common.errors import Busy
from orders.order import store
from orders.order.app import seen
from orders.order.view import StaffOrderView, staff_view
from orders.payments.refunds import store as refunds

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3
Amount = Annotated[int, Field(strict=True, ge=1, le=10**12)]


class RefundBody(shell.Body):
    """Without `amount_minor`, all that was paid. Where the shop failed, all of it always."""

    amount_minor: Amount | None = None
    reason: Literal["shop_failed", "quality", "goodwill", "other"]
    to: Literal["source", "balance"] = "source"


FAILED = RefundBody(reason=refunds.SHOP_FAILED)


@router.post("/v1/staff/orders/<order_id>/refunds", responses=shell.shown(StaffOrderView))
def give_back(order_id: shell.Id, request: RefundBody, key: idempotency.Key) -> Response[Any]:
    """Give back what was paid, or part of it. `shop_failed` also calls off what is not shipped."""
    caller = access.staff(router, Role.MANAGER)
    route = f"staff/orders/refunds#{order_id}"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, request)
    effect = partial(_give_back, call, caller, order_id, request)
    return idempotency.once(call, shell.language(router), effect)


@router.post("/v1/staff/orders/<order_id>/failure", responses=shell.shown(StaffOrderView))
def fail_order(order_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """The shop failed with the order: all that was paid goes back at once, and what is not shipped
    is called off."""
    caller = access.staff(router)
    route = f"staff/orders/failure#{order_id}"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, shell.Body())
    effect = partial(_give_back, call, caller, order_id, FAILED)
    return idempotency.once(call, shell.language(router), effect)


def _give_back(
    call: idempotency.Attempt, caller: access.Caller, order_id: str, request: RefundBody
) -> tuple[HTTPStatus, StaffOrderView]:
    guests.get_live(caller)  # Unauthorized when the session has ended
    order = store.find_now(seen(caller, store.find_any(order_id)).id)
    for _ in range(ATTEMPTS):
        wanted = refunds.Wanted(request.amount_minor, request.reason, request.to == "balance")
        after, writes = refunds.decided(order, wanted, clock.now())
        view = staff_view(after, shell.language(router))
        try:
            store.commit(call, view, order, after, *writes)
        except store.Overtaken as overtaken:
            order = overtaken.order
        else:
            return HTTPStatus.OK, view
    raise Busy
