"""What orders tells of an order that nobody fetches."""

from pydantic import AwareDatetime

from common.events import Currency
from common.events.orders import OrderEvent


class PickupEnding(OrderEvent):
    """The order still waits at its pick-up point, whose address is `place`; at `kept_until` it
    goes back."""

    name = "orders.pickup_ending.v1"

    place: str
    kept_until: AwareDatetime


class OrderUncollected(OrderEvent):
    """Nobody fetched the order: it is off, money and points are back with the customer, and the
    goods are on their way to the shop."""

    name = "orders.order_uncollected.v1"

    total_minor: int
    currency: Currency
    points_returned: int


class OrderReturned(OrderEvent):
    """What nobody fetched is on the shop's shelf again."""

    name = "orders.order_returned.v1"
