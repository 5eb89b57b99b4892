"""HTTP routes of bookings: what can be booked, for everybody, and one's own bookings."""

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, clock, cursors, idempotency, ids, table, tagged
from common import api as shell
from common.language import Language
from orders.bookings import bookable_store as bookables
from orders.bookings import desk, rows, store, view
from orders.bookings.bookable import Bookable
from orders.bookings.booking import Booking, By
from orders.bookings.feed.app import router as feed
from orders.bookings.fields import BookableId, BookableInPath, NearDay, OrderId, Start
from orders.bookings.hours import Slot
from orders.bookings.staff.app import router as staff
from orders.bookings.view import (
    BookablesView,
    BookingPage,
    BookingView,
    SlotsView,
    SlotView,
)

api = shell.create()
for router in (staff, feed):
    api.include_router(router)

LISTING = "bookings"
UNCHANGED: dict[int, Any] = {304: {"description": "The booking is as it was"}}
Days = Annotated[int, Query(ge=1, le=14)]


class BookingBody(shell.Body):
    """`order_id` names an order of yours: the one to pick up, or in which the service was bought,
    if it was, once for each piece; for a meeting, one to speak about, if there is one."""

    bookable_id: BookableId
    start: Start
    order_id: OrderId | None = None


class MoveBody(shell.Body):
    start: Start


@api.get("/v1/bookables")
def list_bookables() -> BookablesView:
    """List what can be booked."""
    language = shell.language(api)
    found = [one for one in bookables.every() if one.hours]
    return BookablesView(items=[view.bookable(one, language) for one in found])


@api.get("/v1/bookables/<bookable_id>/slots")
def list_slots(
    bookable_id: BookableInPath, first: Annotated[NearDay | None, Query()] = None, days: Days = 7
) -> SlotsView:
    """List the free times of some days from one on (today, where it is)."""
    one, now = bookables.find(bookable_id), clock.now()
    slots = one.within(first or now.astimezone(one.zone).date(), days, now)
    return SlotsView(time_zone=one.time_zone, slots=_free(one, slots))


@api.get("/v1/bookings")
def list_own(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> BookingPage:
    """List your bookings, those made last first."""
    caller, language = access.customer(api), shell.language(api)
    page = store.page(caller.id, limit, cursors.unseal(caller.id, LISTING, cursor))
    items = [view.booking(rows.booking(row), language) for row in page.items]
    return BookingPage(items=items, next_cursor=cursors.seal(caller.id, LISTING, page.last))


@api.post("/v1/bookings", responses=shell.shown(BookingView, HTTPStatus.CREATED))
def book(request: BookingBody, key: idempotency.Key) -> Response[Any]:
    """Book a free time. You are reminded a day before, or two hours before where you book later."""
    caller, now = access.customer(api), clock.now()
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "bookings", key, request)
    wanted = request.bookable_id, request.start, request.order_id
    effect = partial(desk.book, call, _show(), caller.id, *wanted, ids.new(now), now)
    return idempotency.once(call, shell.language(api), partial(table.retried, effect))


@api.get("/v1/bookings/<booking_id>", responses=shell.shown(BookingView) | UNCHANGED)
def show_own(booking_id: shell.Id, if_none_match: shell.IfNoneMatch = None) -> Response[Any]:
    """Show one of your bookings; 304 while it is as it was."""
    found, language = store.find(access.customer(api).id, booking_id), shell.language(api)
    tag = tagged.spoken(found.version, language)
    return tagged.answer(view.booking(found, language), tag, if_none_match)


@api.post("/v1/bookings/<booking_id>/move", responses=shell.shown(BookingView))
def move(booking_id: shell.Id, request: MoveBody, key: idempotency.Key) -> Response[Any]:
    """Move a booking to another free time; the old one is free again."""
    caller, now = access.customer(api), clock.now()
    route = f"bookings/{booking_id}/move"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, request)
    named = caller.id, booking_id, request.start
    effect = partial(desk.move, call, _show(), *named, By.CUSTOMER, now)
    return idempotency.once(call, shell.language(api), partial(table.retried, effect))


@api.post("/v1/bookings/<booking_id>/cancel", responses=shell.shown(BookingView))
def cancel(booking_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Cancel a booking; its time is free again."""
    caller, now = access.customer(api), clock.now()
    route = f"bookings/{booking_id}/cancel"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, shell.Body())
    effect = partial(desk.cancel, call, _show(), caller.id, booking_id, By.CUSTOMER, now)
    return idempotency.once(call, shell.language(api), partial(table.retried, effect))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)


def _show() -> desk.Show:
    language: Language = shell.language(api)

    def show(booking: Booking) -> BookingView:
        return view.booking(booking, language)

    return show


def _free(one: Bookable, slots: list[Slot]) -> list[SlotView]:
    """Those of *slots* that are not booked up."""
    if not slots:
        return []
    booked = bookables.booked(one.id, slots[0].start, slots[-1].start + timedelta(seconds=1))
    left = [(slot, one.capacity - booked.get(slot.start, 0)) for slot in slots]
    return [view.slot(one, slot, free) for slot, free in left if free > 0]
