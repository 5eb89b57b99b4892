"""A week after an order was delivered its customer is asked what they think of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from common import erasure, ids, outbox, table, timers
from common.events.notify import MessageDue
from common.events.reviews import ReviewedLine, ReviewWanted
from orders.order import store as orders
from orders.order.order import Order
from orders.order.parts import NOTHING_RETURNED, Line
from orders.reviews import store

ASKED_AFTER = timedelta(days=7)
ASKING = "review_wanted"


def timer(order: Order) -> table.Write:
    """The timer that asks, for an order that was just delivered."""
    subject = {"customer_id": order.customer_id, "order_id": order.id}
    return timers.arm(timers.Timer(ASKING, order.id, order.delivered_at + ASKED_AFTER, subject))


def ask(due: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Ask for what is not reviewed yet of an order that the customer kept."""
    order = orders.find(due.subject["customer_id"], due.subject["order_id"])
    lines = _unreviewed(order) if order else []
    return [outbox.row(_wanted(order, lines, now))] if order and lines else []


def still_wanted(due: MessageDue) -> bool:
    """Whether there is still something to ask for."""
    order = orders.find(due.customer_id, str(due.claim["order_id"]))
    return order is not None and bool(_unreviewed(order))


def _unreviewed(order: Order) -> list[Line]:
    """What can be asked for; nothing of an order that goes back or went, if only in part, and
    nothing of an erased customer."""
    refunded = order.bill.returned_minor or order.bill.balance_returned_minor
    if not order.has_arrived or refunded or order.returned != NOTHING_RETURNED:
        return []
    keys = [store.key(order.customer_id, line.sku) for line in order.lines]
    erased, *reviews = table.get_many(erasure.key(order.customer_id), *keys)
    if erased:
        return []
    return [line for line, found in zip(order.lines, reviews, strict=True) if found is None]


def _wanted(order: Order, lines: Sequence[Line], now: datetime) -> ReviewWanted:
    return ReviewWanted(
        id=ids.derived(order.id, ASKING),
        occurred_at=now,
        customer_id=order.customer_id,
        order_id=order.id,
        number=order.number,
        lines=tuple(
            ReviewedLine(sku=line.sku, name_ru=line.name.ru, name_en=line.name.en) for line in lines
        ),
    )
