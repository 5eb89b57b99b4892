"""Whoever does not fetch an order is reminded; then it goes back, and so does the money."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from common import ids, outbox, table, timers
from common.conditions import as_read
from common.events.pickup import PickupEnding
from orders.order import pickup_store as pickup
from orders.order import rows, store
from orders.order.facts import members
from orders.order.order import Order, State


def remind(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell the customer until when the order is kept, and look again then."""
    order = store.find_now(timer.subject["order_id"])
    if order.state is not State.READY_FOR_PICKUP:
        return []
    key = rows.key(order.customer_id, order.id)
    unchanged = table.check(*key, as_read(order.version))
    return [unchanged, pickup.ending(order), outbox.row(_ending(order, now))]


def end(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Nobody came: the order goes back to the shop."""
    order = store.find_now(timer.subject["order_id"])
    if order.state is not State.READY_FOR_PICKUP:
        return []
    return store.moved(order, State.UNCOLLECTED, now)


def _ending(order: Order, at: datetime) -> PickupEnding:
    return PickupEnding(
        **members(order, ids.derived(order.id, PickupEnding.name), at),
        place=order.delivery.address,
        kept_until=order.kept_until,
    )


DUE: Mapping[str, timers.Fire] = {pickup.REMINDER: remind, pickup.END: end}
