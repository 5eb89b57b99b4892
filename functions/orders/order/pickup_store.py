"""How long an order waits at its pick-up point: a timer that reminds, then one that ends it."""

from datetime import timedelta

from common import ids, table, timers
from orders.order.order import KEPT_AT_POINT, Order

REMINDER, END = "pickup.reminder", "pickup.end"
REMINDED_BEFORE = timedelta(days=2)


def awaited(order: Order) -> table.Write:
    """Remind its customer, two days before it goes back."""
    return _timer(REMINDER, order, KEPT_AT_POINT - REMINDED_BEFORE)


def ending(order: Order) -> table.Write:
    """Send it back when nobody fetched it in time."""
    return _timer(END, order, KEPT_AT_POINT)


def _timer(kind: str, order: Order, after: timedelta) -> table.Write:
    due, subject = order.changed_at + after, {"order_id": order.id}
    return timers.arm(timers.Timer(kind, ids.derived(order.id, kind), due, subject))
