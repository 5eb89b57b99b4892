"""A customer is reminded of a booking, once, while it stands and is ahead."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from common import outbox, table, timers
from common.errors import NotFound
from orders.bookings import facts, reminder, store


def remind(due: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell that the booking's time comes, unless it is over.

    Whoever moves or cancels it takes the timer away in the same transaction, so what is told stands
    in the very moment.
    """
    with suppress(NotFound):
        booking = store.find(due.subject["customer_id"], due.subject["booking_id"])
        if reminder.timer(booking) == due and booking.slot.start > now:
            return [outbox.row(facts.due(booking, now))]
    return []
