"""How orders come to their end, RETURN_DAYS after they were delivered."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from common import clock, ids, table, timers
from common.events.orders import OrderDelivered
from orders.completion import window
from orders.order import store
from orders.order.order import Order, State

COMPLETION = "order.completion"
# While something is on its way back.
LOOK_AGAIN = timedelta(days=1)


def await_end(told: OrderDelivered, known: Order | None) -> None:
    """Look at the order again when the time to give things back is over, unless it is already."""
    if known and known.state is State.COMPLETED:
        return
    delivered_on, days = clock.day_of(told.occurred_at), int(os.environ["RETURN_DAYS"])
    due = window.is_over(delivered_on, days, clock.shop_zone())
    timer_id, subject = ids.derived(told.order_id, COMPLETION), {"order_id": told.order_id}
    with suppress(table.ConditionFailed):  # the event came again
        table.commit(timers.arm(timers.Timer(COMPLETION, timer_id, due, subject)))


def complete(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Nothing more is to happen to the order."""
    order = store.find_now(timer.subject["order_id"])
    if order.state is not State.DELIVERED:
        return []
    if order.returned.open:
        return [timers.arm(replace(timer, due=now + LOOK_AGAIN))]
    return store.moved(order, State.COMPLETED, now)


DUE: Mapping[str, timers.Fire] = {COMPLETION: complete}
