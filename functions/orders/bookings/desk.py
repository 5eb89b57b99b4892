"""What is done with bookings, whoever asks for it: decided here, written by the store."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import idempotency
from orders.bookings import bookable_store as bookables
from orders.bookings import occasion, store
from orders.bookings.bookable import Kind, NoSuchSlot
from orders.bookings.booking import Booking, By, made

type Show = Callable[[Booking], BaseModel]
type Done = tuple[HTTPStatus, BaseModel]


def book(
    call: idempotency.Attempt,
    show: Show,
    customer_id: str,
    bookable_id: str,
    start: datetime,
    order_id: str | None,
    booking_id: str,
    now: datetime,
) -> Done:
    """Book the slot at *start*. NoSuchSlot, SlotTaken, Overlap, TooManyBookings, and what
    `occasion` refuses."""
    bookable, diary, order = store.desk(customer_id, bookable_id, order_id)
    if bookable is None:
        raise NoSuchSlot
    occasion.require(bookable.kind, order_id, order)
    if order and bookable.kind is Kind.SERVICE:
        # Counted after the diary was read, which each booking changes: nothing comes in between.
        occasion.require_unbooked(order, store.of_order(customer_id, order.id))
    booking = made(booking_id, customer_id, bookable, bookable.at(start, now), order_id, now)
    view = show(booking)
    store.book(call, view, bookable, booking, diary.having(booking, now), order)
    return HTTPStatus.CREATED, view


def move(
    call: idempotency.Attempt,
    show: Show,
    customer_id: str,
    booking_id: str,
    start: datetime,
    by: By,
    now: datetime,
) -> Done:
    """Move a booking to *start*. NotFound, NotStanding, TooLate, and what `book` refuses."""
    before, diary = store.find_with_diary(customer_id, booking_id)
    bookable = bookables.find(before.bookable_id)
    after = before.moved(bookable, start, by, now)
    view = show(after)
    if after is not before:
        store.move(call, view, bookable, before, after, diary.having(after, now), by)
    return HTTPStatus.OK, view


def cancel(
    call: idempotency.Attempt,
    show: Show,
    customer_id: str,
    booking_id: str,
    by: By,
    now: datetime,
) -> Done:
    """Cancel a booking. NotFound, NotStanding, TooLate."""
    before, diary = store.find_with_diary(customer_id, booking_id)
    after = before.cancelled(by, now)
    view = show(after)
    store.cancel(call, view, before, after, diary.without(after, now), by)
    return HTTPStatus.OK, view


def withdraw(customer_id: str, booking_id: str, at: datetime) -> None:
    """Cancel a booking whose order is off; nothing is done to one that does not stand."""
    before, diary = store.find_with_diary(customer_id, booking_id)
    if before.stands:
        after = before.cancelled(By.ORDER, at)
        store.withdraw(before, after, diary.without(after, at))
