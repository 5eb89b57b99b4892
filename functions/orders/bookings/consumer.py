"""A customer is reminded of a booking, once, while it stands and is ahead; it ends with its
order."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from common import outbox, table, timers
from common.errors import NotFound
from common.events.orders import OrderCancelled
from orders.bookings import desk, facts, occasion, reminder, store


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


def withdraw(off: OrderCancelled) -> None:
    """Cancel what was booked for an order that is off."""
    made, at = store.of_order(off.customer_id, off.order_id), off.occurred_at
    for one in occasion.idle(made, at):
        table.retried(partial(desk.withdraw, off.customer_id, one.id, at))
