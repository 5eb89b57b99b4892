"""HTTP routes of placed orders: their customers', and the staff's."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from common import access, audit, clock, cursors, guests, idempotency, tagged
from common import api as shell
from common.errors import Busy, NotFound
from common.events.orders import CustomerViewed
from common.fields import Day
from orders.bookings import occasion
from orders.bookings import store as bookings
from orders.order import rows, store
from orders.order.body import TransitionBody
from orders.order.order import Order, State
from orders.order.refusal import TransitionNotAllowed
from orders.order.view import (
    OrderPage,
    OrderView,
    StaffOrderView,
    brief,
    order_view,
    staff_view,
)

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

ATTEMPTS = 3
# Seconds: whoever watches an order sees a change within so many, at a read of one row each time.
ASK_AGAIN = "3"
UNCHANGED: dict[int, Any] = {304: {"description": "The order is as it was"}}


@router.get("/v1/orders")
def list_orders(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> OrderPage:
    """List the customer's orders, newest first."""
    caller = guests.shopper(router)
    start = cursors.unseal(caller.id, "orders", cursor)
    page = store.page(caller.id, limit, start)
    items = [brief(rows.parse(item)) for item in page.items]
    return OrderPage(items=items, next_cursor=cursors.seal(caller.id, "orders", page.last))


@router.get("/v1/orders/<order_id>", responses=shell.shown(OrderView) | UNCHANGED)
def show_order(order_id: shell.Id, if_none_match: shell.IfNoneMatch = None) -> Response[Any]:
    """Show an order, every state it went through and where its parcels are; 304 while it is as it
    was. While it moves, `Retry-After` says when to ask again."""
    caller = guests.shopper(router)
    order = _existing(store.find(caller.id, order_id))
    language = shell.language(router)
    view = order_view(OrderView, order, language)
    again = {"Retry-After": ASK_AGAIN} if order.is_moving else {}
    return tagged.answer(view, tagged.spoken(order.version, language), if_none_match, again)


@router.post("/v1/orders/<order_id>/cancel", responses=shell.shown(OrderView))
def cancel_order(order_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Cancel an order that nobody works on yet: goods and points go back at once. What was booked
    for it ends with it; a service only while its booking could still be cancelled, and not once one
    was had that was booked for no order."""
    caller = guests.shopper(router)
    route = f"orders/cancel#{order_id}"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, shell.Body())
    cancel = partial(_cancel, call, caller, order_id)
    return idempotency.once(call, shell.language(router), cancel)


@router.get("/v1/staff/orders")
def list_queue(
    state: Annotated[State, Query()] = State.PLACED,
    day: Annotated[Day | None, Query()] = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> OrderPage:
    """List the orders placed on a day (today, in the shop's time zone) by state, oldest first."""
    caller = access.staff(router)
    placed_on = day or clock.today()
    listing = f"queue:{state}:{placed_on}"
    page = store.queue(state, placed_on, limit, cursors.unseal(caller.id, listing, cursor))
    items = [brief(rows.parse(item)) for item in page.items]
    return OrderPage(items=items, next_cursor=cursors.seal(caller.id, listing, page.last))


@router.get("/v1/staff/orders/<order_id>", responses=shell.shown(StaffOrderView) | UNCHANGED)
def show_any_order(order_id: shell.Id, if_none_match: shell.IfNoneMatch = None) -> Response[Any]:
    """Show any customer's order; 304 while it is as it was."""
    order = seen(access.staff(router), store.find_any(order_id))
    language = shell.language(router)
    tag = tagged.spoken(order.version, language)
    return tagged.answer(staff_view(order, language), tag, if_none_match)


@router.post("/v1/staff/orders/<order_id>/transitions", responses=shell.shown(StaffOrderView))
def move_order(order_id: shell.Id, request: TransitionBody, key: idempotency.Key) -> Response[Any]:
    """Move an order on: assembling, shipped in its parcels, ready for pick-up, delivered, or
    cancelled; uncollected, and returned once the shop has it again."""
    caller = access.staff(router)
    route = f"staff/orders/transitions#{order_id}"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, request)
    move = partial(_move, call, caller, order_id, request)
    return idempotency.once(call, shell.language(router), move)


def _cancel(
    call: idempotency.Attempt, caller: access.Caller, order_id: str
) -> tuple[HTTPStatus, OrderView]:
    now = clock.now()
    order = _existing(store.find_live(caller, order_id))
    if order.services and not caller.is_guest:
        occasion.require_cancellable(order, bookings.every(caller.id), now)

    def view(after: Order) -> OrderView:
        return order_view(OrderView, after, shell.language(router))

    return _changed(call, order, lambda current: current.recalled(now), view)


def _move(
    call: idempotency.Attempt, caller: access.Caller, order_id: str, request: TransitionBody
) -> tuple[HTTPStatus, OrderView]:
    now = clock.now()
    order = seen(caller, store.find_any(order_id))

    def move(current: Order) -> Order:
        return current.moved(State(request.to), now, request.packed())

    def view(after: Order) -> OrderView:
        return staff_view(after, shell.language(router))

    try:
        return _changed(call, order, move, view)
    except TransitionNotAllowed:
        # The index may show what the order was, and a refusal is remembered: look at the row.
        order = _existing(store.find(order.customer_id, order_id))
        return _changed(call, order, move, view)


def _changed(
    call: idempotency.Attempt,
    order: Order,
    change: Callable[[Order], Order],
    view: Callable[[Order], OrderView],
) -> tuple[HTTPStatus, OrderView]:
    """Save *change* of the order; decided anew when somebody else was faster."""
    for _ in range(ATTEMPTS):
        after = change(order)
        answer = view(after)
        try:
            store.save(call, answer, order, after)
        except store.Overtaken as overtaken:
            order = overtaken.order
        else:
            return HTTPStatus.OK, answer
    raise Busy


def seen(caller: access.Caller, order: Order | None) -> Order:
    """The order, once it is entered that a member of staff sees it."""
    found = _existing(order)
    audit.enter(CustomerViewed, caller, audit.Viewed(found.customer_id, "order", found.id))
    return found


def _existing(order: Order | None) -> Order:
    if order is None:
        raise NotFound
    return order
