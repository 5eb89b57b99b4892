"""Bookings in DynamoDB.

pk             sk             what
CUSTOMER#<id>  BOOKING#<id>   a booking, whose version guards every change
CUSTOMER#<id>  BOOKINGS       the customer's diary: when they are somewhere already
BOOKING#<id>   BOOKING        whose booking it is
BOOKED#<id>    <start>#<id>   a booking that stands, by what is booked and when, and whose it is

A booking, the slots that it frees and takes, its customer's diary, its reminder and its event are
one transaction: a slot never has more than fit, and nobody is in two places at once.
"""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import idempotency, outbox, table, timers
from common.conditions import as_read
from common.errors import NotFound
from orders.bookings import bookable_store as bookables
from orders.bookings import facts, reminder, rows
from orders.bookings.bookable import Bookable
from orders.bookings.booking import Booking, By, SlotTaken
from orders.bookings.diary import Diary
from orders.order import rows as order_rows
from orders.order import store as orders
from orders.order.order import Order

DIARY = "BOOKINGS"
# So many characters of an id are its time.
TIME = 13


def desk(
    customer_id: str, bookable_id: str, order_id: str | None
) -> tuple[Bookable | None, Diary, Order | None]:
    """What is to be booked, when the customer is elsewhere, and their order; one round trip."""
    named = [orders.key(customer_id, order_id)] if order_id else []
    row, diary, *order = table.get_many(bookables.key(bookable_id), _diary_key(customer_id), *named)
    bought = order_rows.parse(order[0]) if order and order[0] else None
    return rows.bookable(row) if row else None, rows.diary(diary), bought


def find(customer_id: str, booking_id: str) -> Booking:
    """NotFound unless it is the customer's."""
    return _existing(table.get(*_key(customer_id, booking_id)))


def find_with_diary(customer_id: str, booking_id: str) -> tuple[Booking, Diary]:
    """A customer's booking and diary, in one round trip. NotFound."""
    booking_key = table.OWN, *_key(customer_id, booking_id)
    row, diary = table.get_many(booking_key, _diary_key(customer_id))
    return _existing(row), rows.diary(diary)


def owner(booking_id: str) -> str:
    """Whose booking it is, for staff. NotFound."""
    place = table.get(f"BOOKING#{booking_id}", "BOOKING")
    if place is None:
        raise NotFound
    return str(place["customer_id"])


def page(customer_id: str, limit: int, start: table.Item | None) -> table.Page:
    """The customer's bookings, those made last first."""
    under = table.sort_key().begins_with("BOOKING#")
    return table.query(_pk(customer_id), under, limit=limit, start=start, newest_first=True)


def every(customer_id: str) -> Iterator[Booking]:
    under = table.sort_key().begins_with("BOOKING#")
    return map(rows.booking, table.query_all(_pk(customer_id), under))


def of_order(customer_id: str, order_id: str) -> list[Booking]:
    """The customer's bookings that name an order: they were made after it, and ids sort by time."""
    later = table.sort_key().between(f"BOOKING#{order_id[:TIME]}", "BOOKING#g")
    made = map(rows.booking, table.query_all(_pk(customer_id), later))
    return [one for one in made if one.order_id == order_id]


def between(
    bookable_id: str, first: datetime, end: datetime, limit: int, start: table.Item | None
) -> table.Page:
    """Whose bookings begin from *first* on and before *end*, in their order."""
    span = table.sort_key().between(first.isoformat(), end.isoformat())
    return table.query(f"BOOKED#{bookable_id}", span, limit=limit, start=start)


def named(places: list[table.Item]) -> list[Booking]:
    """The bookings that *places* name, without what went meanwhile."""
    keys = [(table.OWN, *_key(row["customer_id"], row["booking_id"])) for row in places]
    return [rows.booking(row) for row in table.get_many(*keys) if row]


def book(
    call: idempotency.Attempt,
    answer: BaseModel,
    bookable: Bookable,
    booking: Booking,
    diary: Diary,
    order: Order | None,
) -> None:
    """Write a new booking, of an *order* if it is, with the *answer*. SlotTaken; Repeated for a
    repeated call.

    ConditionFailed when what it was decided by is another by now.
    """
    place = table.put(_place(booking))
    taken = [bookables.take(bookable, booking.slot), bookables.unchanged(bookable)]
    named = [orders.unchanged(order)] if order else []
    writes = [*taken, *named, place, *_written(None, booking, diary, By.CUSTOMER)]
    _commit(call, HTTPStatus.CREATED, answer, *writes)


def move(
    call: idempotency.Attempt,
    answer: BaseModel,
    bookable: Bookable,
    before: Booking,
    after: Booking,
    diary: Diary,
    by: By,
) -> None:
    """Free the old slot and take the new one, with the *answer*; refused as `book` is."""
    taken = [bookables.take(bookable, after.slot), bookables.unchanged(bookable)]
    freed = bookables.free(before.bookable_id, before.slot)
    writes = [*taken, freed, *_written(before, after, diary, by)]
    _commit(call, HTTPStatus.OK, answer, *writes)


def cancel(
    call: idempotency.Attempt,
    answer: BaseModel,
    before: Booking,
    after: Booking,
    diary: Diary,
    by: By,
) -> None:
    """Free the slot, with the *answer*. Repeated, ConditionFailed as for `book`."""
    idempotency.commit(call, HTTPStatus.OK, answer, *_freed(before, after, diary, by))


def withdraw(before: Booking, after: Booking, diary: Diary) -> None:
    """Free the slot of a booking whose order is off; ConditionFailed as for `book`."""
    table.commit(*_freed(before, after, diary, By.ORDER))


def removed(booking: Booking, now: datetime) -> list[table.Write]:
    """The writes that leave nothing of a booking, and free its slot if it is ahead; refused unless
    it is as it was read."""
    ahead = booking.stands and booking.slot.start > now
    return [
        table.delete(*_key(booking.customer_id, booking.id), as_read(booking.version)),
        table.delete(f"BOOKING#{booking.id}", "BOOKING", condition=None),
        *_withdrawn(booking),
        *([bookables.free(booking.bookable_id, booking.slot)] if ahead else []),
    ]


def _commit(
    call: idempotency.Attempt, status: HTTPStatus, answer: BaseModel, *writes: table.Write
) -> None:
    """The first of *writes* takes the slot."""
    try:
        idempotency.commit(call, status, answer, *writes)
    except table.ConditionFailed as refused:
        if 0 in refused.found:
            raise SlotTaken from refused
        raise


def _freed(before: Booking, after: Booking, diary: Diary, by: By) -> list[table.Write]:
    slot = bookables.free(before.bookable_id, before.slot)
    return [slot, *_written(before, after, diary, by)]


def _written(before: Booking | None, after: Booking, diary: Diary, by: By) -> list[table.Write]:
    """The booking's next state with all that follows from it, but for the slots."""
    pk, sk = _key(after.customer_id, after.id)
    row = {"pk": pk, "sk": sk} | rows.of_booking(after)
    own = {"pk": pk, "sk": DIARY} | rows.of_diary(diary)
    return [
        table.put(row, as_read(before.version if before else 0)),
        table.put(own, as_read(diary.version - 1)),
        *(_withdrawn(before) if before else []),
        *(_announced(after) if after.stands else []),
        outbox.row(facts.changed(before, after, by)),
    ]


def _announced(booking: Booking) -> list[table.Write]:
    """Where staff find a booking, and its reminder."""
    pk, sk = _booked(booking)
    whose = {"customer_id": booking.customer_id, "booking_id": booking.id}
    timer = reminder.timer(booking)
    return [table.put({"pk": pk, "sk": sk} | whose), *([timers.arm(timer)] if timer else [])]


def _withdrawn(booking: Booking) -> list[table.Write]:
    timer = reminder.timer(booking)
    place = table.delete(*_booked(booking), condition=None)
    return [place, *([timers.forget(timer)] if timer else [])]


def _place(booking: Booking) -> table.Item:
    return {"pk": f"BOOKING#{booking.id}", "sk": "BOOKING", "customer_id": booking.customer_id}


def _existing(row: table.Item | None) -> Booking:
    if row is None:
        raise NotFound
    return rows.booking(row)


def _booked(booking: Booking) -> tuple[str, str]:
    start = booking.slot.start.isoformat()
    return f"BOOKED#{booking.bookable_id}", f"{start}#{booking.id}"


def _diary_key(customer_id: str) -> tuple[str, str, str]:
    return table.OWN, _pk(customer_id), DIARY


def _key(customer_id: str, booking_id: str) -> tuple[str, str]:
    return _pk(customer_id), f"BOOKING#{booking_id}"


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
