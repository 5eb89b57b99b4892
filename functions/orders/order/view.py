"""How an order is shown. Pure."""

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders import gift, totals
from orders.order.order import Line, Order, State


class OrderLineView(shell.View):
    sku: str
    name: str
    quantity: int
    price_minor: int
    total_minor: int


class DeliveryView(shell.View):
    recipient: str
    phone: str | None
    address: str


class StepView(shell.View):
    state: State
    at: AwareDatetime


class OrderView(shell.View):
    """`next_states` are the states the order can go to from here; its customer can cancel it
    themselves while `can_cancel`."""

    id: str
    number: str
    state: State
    placed_at: AwareDatetime
    lines: list[OrderLineView]
    totals: totals.TotalsView
    points_spent: int
    payment: str
    delivery: DeliveryView
    tracking_number: str | None
    gift: gift.GiftView | None
    history: list[StepView]
    next_states: list[State]
    can_cancel: bool


class PlacedView(OrderView):
    """The new order, with words for its customer: what happened and what happens next."""

    message: str


class StaffOrderView(OrderView):
    customer_id: str


class OrderBrief(shell.View):
    """An order in a list; `quantity` counts its pieces."""

    id: str
    number: str
    state: State
    placed_at: AwareDatetime
    quantity: int
    total_minor: int
    currency: str


class OrderPage(shell.View):
    items: list[OrderBrief]
    next_cursor: str | None


def order_view[V: OrderView](kind: type[V], order: Order, language: Language, **more: object) -> V:
    """*order* as a view of *kind*, whose further fields are *more*."""
    return kind.model_validate(
        {
            "id": order.id,
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at,
            "lines": [_line(line, language) for line in order.lines],
            "totals": totals.view(order.totals, order.currency),
            "points_spent": order.points_spent,
            "payment": order.payment,
            "delivery": _delivery(order),
            "tracking_number": order.tracking_number,
            "gift": gift.view(order.gift) if order.gift else None,
            "history": [StepView(state=step.state, at=step.at) for step in order.history],
            "next_states": list(order.next_states),
            "can_cancel": order.state is State.PLACED,
            **more,
        }
    )


def brief(order: Order) -> OrderBrief:
    return OrderBrief(
        id=order.id,
        number=order.number,
        state=order.state,
        placed_at=order.placed_at,
        quantity=sum(line.quantity for line in order.lines),
        total_minor=order.totals.total_minor,
        currency=order.currency,
    )


def etag(order: Order, language: Language) -> str:
    """The names of goods differ by language, and so do the tags (RFC 9110 §8.8.3.3)."""
    return f'"{order.version}-{language}"'


def _line(line: Line, language: Language) -> OrderLineView:
    return OrderLineView(
        sku=line.sku,
        name=line.name[language],
        quantity=line.quantity,
        price_minor=line.price_minor,
        total_minor=line.total_minor,
    )


def _delivery(order: Order) -> DeliveryView:
    return DeliveryView(
        recipient=order.delivery.recipient,
        phone=order.delivery.phone,
        address=order.delivery.address,
    )
