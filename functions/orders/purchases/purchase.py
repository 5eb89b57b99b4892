"""A purchase. Pure."""

from dataclasses import dataclass
from datetime import datetime

from common.language import Text
from orders.order.order import Order, State

# An order has come to its customer, whether the time to give it back still runs or not.
ARRIVED = (State.DELIVERED, State.COMPLETED)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A product that a customer was delivered, *times* orders of it."""

    sku: str
    name: Text
    times: int
    last: datetime


def delivered_at(order: Order) -> datetime:
    """When an order that has arrived did."""
    return next(step.at for step in order.history if step.state is State.DELIVERED)
