"""HTTP routes of the staff: what can be booked, and the bookings of a day."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from common import access, audit, clock, cursors, idempotency, table
from common import api as shell
from common.access import Caller, Role
from common.events.orders import CustomerViewed
from common.fields import Line
from common.language import Text
from orders.bookings import bookable_store as bookables
from orders.bookings import desk, store, view
from orders.bookings.bookable import Bookable, Kind
from orders.bookings.booking import Booking, By
from orders.bookings.fields import (
    BookableInPath,
    Capacity,
    ClosesAt,
    DaysAhead,
    HoursBefore,
    Minutes,
    NearDay,
    OpensAt,
    Start,
    Weekday,
    Zone,
)
from orders.bookings.hours import Opening
from orders.bookings.view import StaffBookableView, StaffBookingPage, StaffBookingView

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

MOST_OPENINGS, MOST_CLOSED = 50, 100
Title = Annotated[Line, Field(max_length=100)]


class OpeningBody(shell.Body):
    weekday: Weekday
    begins: OpensAt
    ends: ClosesAt

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.begins >= self.ends:
            raise PydanticCustomError("hours_reversed", "it closes before it opens")
        return self


class BookableBody(shell.Body):
    """A slot begins every `minutes` from midnight, and is offered where `hours` hold all of it,
    but for the days `closed`; without hours nothing can be booked. `minutes` and `time_zone`
    cannot change later."""

    kind: Kind
    name_ru: Title
    name_en: Title
    place: Line
    time_zone: Zone
    minutes: Minutes
    capacity: Capacity = 1
    hours: Annotated[tuple[OpeningBody, ...], Field(max_length=MOST_OPENINGS)]
    closed: Annotated[tuple[NearDay, ...], Field(max_length=MOST_CLOSED)] = ()
    ahead_days: DaysAhead = 60
    notice_hours: HoursBefore = 12

    def bookable(self, id_: str, version: int) -> Bookable:
        given = self.model_dump(exclude={"name_ru", "name_en", "hours"})
        hours = tuple(Opening(x.weekday, x.begins, x.ends) for x in self.hours)
        name = Text(self.name_ru, self.name_en)
        return Bookable(id=id_, name=name, hours=hours, version=version, **given)


class MoveBody(shell.Body):
    start: Start


@router.get("/v1/staff/bookables/<bookable_id>", responses=shell.shown(StaffBookableView))
def show_bookable(bookable_id: BookableInPath) -> Response[Any]:
    """Show what can be booked as it was written, with its ETag."""
    access.staff(router)
    return _bookable(bookables.find(bookable_id))


@router.put("/v1/staff/bookables/<bookable_id>", responses=shell.shown(StaffBookableView))
def put_bookable(
    bookable_id: BookableInPath, request: BookableBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Let something be booked, or change on which terms; what is booked already stands."""
    access.staff(router, Role.MANAGER)
    known = bookables.get(bookable_id)
    version = known.version if known else 0
    shell.require_match(if_match, version)
    after = request.bookable(bookable_id, version + 1)
    after.require_same_slots(known)
    bookables.save(after)
    return _bookable(after)


@router.get("/v1/staff/bookables/<bookable_id>/bookings")
def list_day(
    bookable_id: BookableInPath,
    day: Annotated[NearDay | None, Query()] = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> StaffBookingPage:
    """List who comes on a day (today, where it is), in the order of the day."""
    caller, one = access.staff(router), bookables.find(bookable_id)
    on = day or clock.now().astimezone(one.zone).date()
    span, listing = (one.begins(on), one.begins(on + timedelta(days=1))), f"day:{bookable_id}:{on}"
    page = store.between(one.id, *span, limit, cursors.unseal(caller.id, listing, cursor))
    found = store.named(page.items)
    _enter(caller, *found)
    last = cursors.seal(caller.id, listing, page.last)
    return StaffBookingPage(items=list(map(view.staff_booking, found)), next_cursor=last)


@router.post("/v1/staff/bookings/<booking_id>/move", responses=shell.shown(StaffBookingView))
def move_any(booking_id: shell.Id, request: MoveBody, key: idempotency.Key) -> Response[Any]:
    """Move a customer's booking, up to its beginning; they are told at once."""
    caller, now = access.staff(router), clock.now()
    call = idempotency.attempt(f"STAFF#{caller.id}", f"bookings/{booking_id}/move", key, request)
    named = _seen(caller, booking_id), booking_id, request.start
    effect = partial(desk.move, call, view.staff_booking, *named, By.SHOP, now)
    return idempotency.once(call, shell.language(router), partial(table.retried, effect))


@router.post("/v1/staff/bookings/<booking_id>/cancel", responses=shell.shown(StaffBookingView))
def cancel_any(booking_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Cancel a customer's booking, up to its beginning; they are told at once."""
    caller, now = access.staff(router), clock.now()
    route = f"bookings/{booking_id}/cancel"
    call = idempotency.attempt(f"STAFF#{caller.id}", route, key, shell.Body())
    named = _seen(caller, booking_id), booking_id
    effect = partial(desk.cancel, call, view.staff_booking, *named, By.SHOP, now)
    return idempotency.once(call, shell.language(router), partial(table.retried, effect))


def _seen(caller: Caller, booking_id: str) -> str:
    """Whose booking it is, once it is entered that a member of staff sees it."""
    customer_id = store.owner(booking_id)
    audit.enter(CustomerViewed, caller, audit.Viewed(customer_id, "booking", booking_id))
    return customer_id


def _enter(caller: Caller, *found: Booking) -> None:
    viewed = [audit.Viewed(one.customer_id, "booking", one.id) for one in found]
    audit.enter(CustomerViewed, caller, *viewed)


def _bookable(one: Bookable) -> Response[Any]:
    return shell.answer(view.staff_bookable(one), headers={"ETag": shell.etag(one.version)})
