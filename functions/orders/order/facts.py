"""The events that tell what happened to an order. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from common.events.orders import (
    EventLine,
    OrderAssembling,
    OrderCancelled,
    OrderCompleted,
    OrderDelivered,
    OrderEvent,
    OrderPaid,
    OrderPlaced,
    OrderReadyForPickup,
    OrderShipped,
    Sent,
)
from common.events.pickup import OrderReturned, OrderUncollected
from orders.order.order import Order, State


def fact(order: Order, event_id: str) -> OrderEvent:
    """The event of the state that *order* has just reached."""
    return FACTS[order.state](order, members(order, event_id, order.changed_at))


def members(order: Order, event_id: str, at: datetime) -> dict[str, Any]:
    """What every event of *order* carries."""
    return {
        "id": event_id,
        "occurred_at": at,
        "subject_version": order.version,
        "customer_id": order.customer_id,
        "order_id": order.id,
        "number": order.number,
        "guest": order.is_guests,
    }


def _placed(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderPlaced(
        **shared,
        **_money(order),
        points_spent=order.points_spent,
        discount_minor=order.totals.discount_minor,
        balance_minor=order.bill.balance_minor,
        awaiting_payment=order.state is State.AWAITING_PAYMENT,
        shipped=bool(order.goods),
        lines=tuple(
            EventLine(
                sku=line.sku,
                name_ru=line.name.ru,
                name_en=line.name.en,
                quantity=line.quantity,
                total_minor=line.total_minor,
            )
            for line in order.lines
        ),
    )


def _paid(order: Order, shared: dict[str, Any]) -> OrderEvent:
    sums = {"amount_minor": order.bill.amount_minor, "currency": order.currency}
    by, shipped = order.bill.method, bool(order.goods)
    return OrderPaid(**shared, **sums, method=by, shipped=shipped)


def _assembling(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderAssembling(**shared)


def _shipped(order: Order, shared: dict[str, Any]) -> OrderEvent:
    parcels = tuple(
        Sent(carrier=one.carrier, tracking_number=one.tracking_number) for one in order.parcels
    )
    return OrderShipped(**shared, tracking_number=order.tracking_number, parcels=parcels)


def _ready_for_pickup(order: Order, shared: dict[str, Any]) -> OrderEvent:
    place = {"point_id": order.delivery.point_id, "place": order.delivery.address}
    return OrderReadyForPickup(**shared, **place, kept_until=order.kept_until)


def _delivered(order: Order, shared: dict[str, Any]) -> OrderEvent:
    bill, shipped = order.bill, bool(order.goods)
    stayed = earning_minor(order) - bill.returned_minor - bill.balance_returned_minor
    earning = max(stayed, 0)
    return OrderDelivered(**shared, **_money(order), earning_minor=earning, shipped=shipped)


def _completed(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderCompleted(**shared)


def _cancelled(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderCancelled(**shared, **_money(order), points_returned=order.points_spent)


def _uncollected(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderUncollected(**shared, **_money(order), points_returned=order.points_spent)


def _returned(order: Order, shared: dict[str, Any]) -> OrderEvent:
    return OrderReturned(**shared)


def earning_minor(order: Order) -> int:
    """What was paid for all but gift cards, which count once they pay."""
    return order.totals.total_minor - sum(line.paid_minor for line in order.lines if line.money)


def _money(order: Order) -> dict[str, Any]:
    return {"total_minor": order.totals.total_minor, "currency": order.currency}


FACTS: dict[State, Callable[[Order, dict[str, Any]], OrderEvent]] = {
    State.AWAITING_PAYMENT: _placed,
    State.PAID: _paid,
    State.PLACED: _placed,
    State.ASSEMBLING: _assembling,
    State.SHIPPED: _shipped,
    State.READY_FOR_PICKUP: _ready_for_pickup,
    State.DELIVERED: _delivered,
    State.COMPLETED: _completed,
    State.CANCELLED: _cancelled,
    State.UNCOLLECTED: _uncollected,
    State.RETURNED: _returned,
}
