"""HTTP routes of the staff: which returns wait, what is decided of each, and what came back."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from common import access, audit, clock, cursors, guests, idempotency, ids, table
from common import api as shell
from common.access import Caller
from common.errors import NotFound
from common.events.orders import CustomerViewed
from orders.order.order import Order
from orders.returns import exchange, holding, rows, store
from orders.returns.body import DecisionBody, ReceiptBody
from orders.returns.reasons import Rejection
from orders.returns.returns import Return, State
from orders.returns.view import ReturnPage, StaffReturnView, brief, staff_view

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


@router.get("/v1/staff/returns")
def list_queue(
    state: Annotated[State, Query()] = State.REQUESTED,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> ReturnPage:
    """List the returns in a state, oldest first."""
    caller = access.staff(router)
    listing = f"returns:{state}"
    page = store.queue(state, limit, cursors.unseal(caller.id, listing, cursor))
    items = [brief(rows.parse(row)) for row in page.items]
    return ReturnPage(items=items, next_cursor=cursors.seal(caller.id, listing, page.last))


@router.get("/v1/staff/returns/<return_id>", responses=shell.shown(StaffReturnView))
def show_any_return(return_id: shell.Id) -> Response[Any]:
    """Show any customer's return."""
    one = seen(access.staff(router), return_id)
    return shell.answer(staff_view(one, shell.language(router)))


@router.post("/v1/staff/returns/<return_id>/decision", responses=shell.shown(StaffReturnView))
def decide(return_id: shell.Id, request: DecisionBody, key: idempotency.Key) -> Response[Any]:
    """Approve a return, or refuse it and say why. What never came is refunded at once."""
    caller = access.staff(router)
    route = f"staff/returns/decision#{return_id}"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, request)
    effect = partial(table.retried, partial(_decide, call, caller, return_id, request))
    return idempotency.once(call, shell.language(router), effect)


@router.post("/v1/staff/returns/<return_id>/receipt", responses=shell.shown(StaffReturnView))
def receive(return_id: shell.Id, request: ReceiptBody, key: idempotency.Key) -> Response[Any]:
    """Note what came back, and what becomes of it: the money for it goes at once."""
    caller = access.staff(router)
    route = f"staff/returns/receipt#{return_id}"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, request)
    effect = partial(table.retried, partial(_receive, call, caller, return_id, request))
    return idempotency.once(call, shell.language(router), effect)


def _decide(
    call: idempotency.Attempt, caller: Caller, return_id: str, request: DecisionBody
) -> tuple[HTTPStatus, StaffReturnView]:
    guests.get_live(caller)  # Unauthorized when the session has ended
    one, now = seen(caller, return_id), clock.now()
    if request.rejection:
        refused = one.rejected(Rejection(request.rejection), request.note, now)
        return _written(call, one, refused, *store.released(store.order_of(one), one))
    approved = one.moved(State.APPROVED, now)
    if approved.is_sent_back:
        return _written(call, one, approved, *store.expiring(approved))
    return _refunded(call, one, approved, store.order_of(one))


def _receive(
    call: idempotency.Attempt, caller: Caller, return_id: str, request: ReceiptBody
) -> tuple[HTTPStatus, StaffReturnView]:
    guests.get_live(caller)
    one = seen(caller, return_id)
    return _refunded(call, one, one.received(request.came()), store.order_of(one))


def _refunded(
    call: idempotency.Attempt, one: Return, received: Return, order: Order
) -> tuple[HTTPStatus, StaffReturnView]:
    now, day = clock.now(), clock.today()
    kept = replace(received, promise=holding.accepted(order, received, store.earned(order)))
    instead = exchange.order(ids.new(now), order, kept, now, day)
    moved = kept.moved(State.EXCHANGED if instead else State.REFUNDED, now)
    after = replace(moved, replacement_id=instead.id if instead else None)
    return _written(call, one, after, *store.refunded(order, one, after, instead))


def _written(
    call: idempotency.Attempt, before: Return, after: Return, *writes: table.Write
) -> tuple[HTTPStatus, StaffReturnView]:
    view = staff_view(after, shell.language(router))
    store.changed(call, view, before, after, *writes)
    return HTTPStatus.OK, view


def seen(caller: Caller, return_id: str) -> Return:
    """The return, once it is entered that a member of staff sees it."""
    found = store.find_any(return_id)
    if found is None:
        raise NotFound
    audit.enter(CustomerViewed, caller, audit.Viewed(found.customer_id, "return", found.id))
    return found
