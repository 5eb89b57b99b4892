"""How an order is shown. Pure."""

from datetime import date, timedelta
from typing import Any

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders import gift, totals
from orders.order import money_store as money
from orders.order.bill import Status
from orders.order.order import UNTOUCHED, Order, State
from orders.order.parcel_view import ParcelView, parcel_view
from orders.order.parts import NOWHERE, Line


class OrderLineView(shell.View):
    """`paid_minor` is what is to pay for the line after `discount_minor` and points, `tax_minor`
    the tax in that."""

    sku: str
    name: str
    quantity: int
    price_minor: int
    total_minor: int
    discount_minor: int
    paid_minor: int
    tax_minor: int


class DeliveryView(shell.View):
    """The days between which the goods should arrive are null where nobody promised any."""

    recipient: str
    phone: str | None
    address: str
    method: str
    carrier: str | None
    point_id: str | None
    expected_from: date | None
    expected_until: date | None


class TaxView(shell.View):
    """The tax that the total contains, and the part of it that is in delivery's price."""

    percent: int
    total_minor: int
    delivery_minor: int


class BoughtView(shell.View):
    """What is bought, for how much, and where it goes. `balance_minor` of the total is paid from
    the balance, the rest by `payment`."""

    lines: list[OrderLineView]
    totals: totals.TotalsView
    tax: TaxView
    coupon: str | None
    points_spent: int
    payment: str
    balance_minor: int
    delivery: DeliveryView | None
    gift: gift.GiftView | None


class StepView(shell.View):
    state: State
    at: AwareDatetime


class PaymentDueView(shell.View):
    """What is to be paid until when, by `POST /v1/payments`."""

    amount_minor: int
    until: AwareDatetime


class OrderView(BoughtView):
    """`parcels` say where the goods are; `kept_until` is how long a pick-up point keeps what waits
    there. `next_states` are the states the order can go to from here; its customer can cancel it
    themselves while `can_cancel`. `payment_status` tells of what the balance did not pay;
    `payment_due` is null where nothing is to be paid beforehand, `refunded_minor` is what went
    back, or is on its way."""

    id: str
    number: str
    state: State
    placed_at: AwareDatetime
    tracking_number: str | None
    parcels: list[ParcelView]
    kept_until: AwareDatetime | None
    history: list[StepView]
    next_states: list[State]
    payment_status: Status
    payment_due: PaymentDueView | None
    refunded_minor: int
    can_cancel: bool
    replaces_order_id: str | None


class PlacedView(OrderView):
    """The new order, with words for its customer: what happened, what comes next, when, and whom
    to ask."""

    message: str
    what_next: str
    when: str
    whom_to_ask: str


class ContactView(shell.View):
    email: str | None
    phone: str | None


class StaffOrderView(OrderView):
    """`contact` is a guest's, null for a customer's order."""

    customer_id: str
    contact: ContactView | None


class OrderBrief(shell.View):
    """An order in a list; `quantity` counts its pieces."""

    id: str
    number: str
    state: State
    placed_at: AwareDatetime
    quantity: int
    total_minor: int
    currency: str
    payment_status: Status


class OrderPage(shell.View):
    items: list[OrderBrief]
    next_cursor: str | None


def order_view[V: OrderView](kind: type[V], order: Order, language: Language, **more: object) -> V:
    """*order* as a view of *kind*, whose further fields are *more*."""
    return kind.model_validate(
        {
            **bought(order, language),
            "id": order.id,
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at,
            "tracking_number": order.tracking_number,
            "parcels": [parcel_view(one, language) for one in order.parcels],
            "kept_until": order.kept_until,
            "history": [StepView(state=step.state, at=step.at) for step in order.history],
            "next_states": list(order.next_states),
            "payment_status": order.bill.shown,
            "payment_due": _due(order),
            "refunded_minor": order.bill.returned_minor + order.bill.balance_returned_minor,
            "can_cancel": order.state in UNTOUCHED,
            "replaces_order_id": order.replaces,
            **more,
        }
    )


def staff_view(order: Order, language: Language) -> StaffOrderView:
    known = order.contact
    contact = ContactView(email=known.email, phone=known.phone) if known else None
    customer_id = order.customer_id
    return order_view(StaffOrderView, order, language, customer_id=customer_id, contact=contact)


def _due(order: Order) -> PaymentDueView | None:
    if order.state is not State.AWAITING_PAYMENT:
        return None
    until = order.placed_at + money.PAY_WITHIN
    return PaymentDueView(amount_minor=order.bill.amount_minor, until=until)


def bought(order: Order, language: Language) -> dict[str, Any]:
    """The members of a BoughtView."""
    return {
        "lines": [_line(line, language) for line in order.lines],
        "totals": totals.view(order.totals, order.currency),
        "tax": _tax(order),
        "coupon": order.coupon.code if order.coupon else None,
        "points_spent": order.points_spent,
        "payment": order.bill.method,
        "balance_minor": order.bill.balance_minor,
        "delivery": _delivery(order),
        "gift": gift.view(order.gift) if order.gift else None,
    }


def brief(order: Order) -> OrderBrief:
    return OrderBrief(
        id=order.id,
        number=order.number,
        state=order.state,
        placed_at=order.placed_at,
        quantity=sum(line.quantity for line in order.lines),
        total_minor=order.totals.total_minor,
        currency=order.currency,
        payment_status=order.bill.shown,
    )


def _line(line: Line, language: Language) -> OrderLineView:
    return OrderLineView(
        sku=line.sku,
        name=line.name[language],
        quantity=line.quantity,
        price_minor=line.price_minor,
        total_minor=line.total_minor,
        discount_minor=line.discount_minor,
        paid_minor=line.paid_minor,
        tax_minor=line.tax_minor,
    )


def _tax(order: Order) -> TaxView:
    return TaxView(
        percent=order.tax_percent,
        total_minor=order.tax_minor,
        delivery_minor=order.delivery_tax_minor,
    )


def _delivery(order: Order) -> DeliveryView | None:
    to = order.delivery
    if to == NOWHERE:
        return None
    return DeliveryView(
        recipient=to.recipient,
        phone=to.phone,
        address=to.address,
        method=to.method,
        carrier=to.carrier,
        point_id=to.point_id,
        expected_from=_days_on(order.day, to.days_min),
        expected_until=_days_on(order.day, to.days_max),
    )


def _days_on(day: date, days: int | None) -> date | None:
    return None if days is None else day + timedelta(days=days)
