"""Orders that were delivered, counted once each."""

from functools import partial

from common import table
from orders.order.order import Order
from orders.purchases import store
from orders.recommendations import consumer as complements
from orders.recommendations import store as recommendations
from orders.reviews import consumer as reviews


def count(order: Order | None) -> None:
    """Count what was bought, if the order is a customer's and with them; a guest's waits until it
    is claimed."""
    if order and order.has_arrived and not order.is_guests:
        table.retried(partial(_count, order))


def _count(order: Order) -> None:
    timers = reviews.timer(order), complements.timer(order)
    store.count(order, *timers, *recommendations.counted(order))
