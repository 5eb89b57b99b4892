"""What the shop tells of a booking. Pure."""

from datetime import datetime

from common import ids
from common.events.bookings import (
    BookingCancelled,
    BookingDue,
    BookingEvent,
    BookingMade,
    BookingMoved,
)
from orders.bookings.booking import Booking, By


def changed(before: Booking | None, after: Booking, by: By) -> BookingEvent:
    """The event of a booking that was just made, moved or cancelled."""
    if before is None:
        return _told(BookingMade, after, after.changed_at)
    if after.stands:
        was = before.slot.start
        return _told(BookingMoved, after, after.changed_at, by=by.value, was=was)
    return _told(BookingCancelled, after, after.changed_at, by=by.value)


def due(booking: Booking, at: datetime) -> BookingDue:
    return _told(BookingDue, booking, at)


def _told[E: BookingEvent](kind: type[E], booking: Booking, at: datetime, **more: object) -> E:
    known = {
        "id": ids.derived(booking.id, f"{kind.name}#{booking.version}"),
        "occurred_at": at,
        "subject_version": booking.version,
        "customer_id": booking.customer_id,
        "booking_id": booking.id,
        "kind": booking.kind.value,
        "name_ru": booking.name.ru,
        "name_en": booking.name.en,
        "place": booking.place,
        "time_zone": booking.time_zone,
        "start": booking.slot.start,
        "end": booking.slot.end,
        "changeable_until": booking.changeable_until,
    }
    return kind.model_validate(known | more)
