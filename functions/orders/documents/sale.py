"""What documents say of an order. Pure: the order, the seller and the day come in."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from common import pricing
from orders.documents import words
from orders.documents.document import Content, Kind, Row, Seller
from orders.order.bill import Method
from orders.order.order import Order
from orders.order.parts import Line

DELIVERY = "Доставка"


def invoice(order: Order, seller: Seller, day: date) -> Content:
    return _about(order, Kind.INVOICE, seller, day, _rows(order))


def receipt(order: Order, seller: Seller, day: date) -> Content:
    """What was paid, and by what."""
    bill = order.bill
    sums = {bill.method: bill.amount_minor, Method.BALANCE: bill.balance_minor}
    remark = _by("Оплачено", sums, order.currency)
    return _about(order, Kind.RECEIPT, seller, day, _rows(order), remark)


def refund_receipt(
    order: Order, seller: Seller, day: date, source_minor: int, balance_minor: int
) -> Content:
    """What went back: *source_minor* to where it came from, the rest to the balance."""
    back = source_minor + balance_minor
    row = Row(f"Возврат по заказу {order.number}", 1, back, back, _tax_in(order, back))
    sums = Counter({order.bill.method: source_minor})
    sums[Method.BALANCE] += balance_minor
    remark = _by("Возвращено", sums, order.currency)
    return _about(order, Kind.REFUND_RECEIPT, seller, day, (row,), remark)


def act(order: Order, seller: Seller, day: date) -> Content | None:
    """What services of the order were done; None where there are none."""
    services = tuple(_row(line) for line in order.lines if line.is_service)
    if not services:
        return None
    return _about(order, Kind.ACT, seller, day, services, words.ACCEPTED)


def is_paid_by_balance(order: Order) -> bool:
    """Whether the balance paid for all of it, at checkout."""
    return order.bill.balance_minor > 0 and order.bill.amount_minor == 0


def is_paid_in_cash(order: Order) -> bool:
    """Whether money was taken as the goods were handed over."""
    return order.bill.method is Method.CASH and order.bill.amount_minor > 0


def _tax_in(order: Order, back_minor: int) -> int:
    """The tax in what goes back; in all of it, what the order's documents said."""
    if back_minor == order.totals.total_minor:
        return order.tax_minor
    return pricing.tax_within(back_minor, order.tax_percent)


def _rows(order: Order) -> tuple[Row, ...]:
    fee = order.totals.delivery_minor
    delivery = Row(DELIVERY, 1, fee, fee, order.delivery_tax_minor)
    return (*map(_row, order.lines), *([delivery] if fee else []))


def _row(line: Line) -> Row:
    return Row(line.name.ru, line.quantity, line.price_minor, line.paid_minor, line.tax_minor)


def _by(what: str, sums: Mapping[Method, int], currency: str) -> str:
    parts = [f"{words.METHODS[by]} {words.money(n, currency)}" for by, n in sums.items() if n]
    return f"{what}: {', '.join(parts)}"


def _about(
    order: Order, kind: Kind, seller: Seller, day: date, rows: tuple[Row, ...], *remarks: str
) -> Content:
    return Content(
        kind=kind,
        seller=seller,
        day=day,
        customer_id=order.customer_id,
        order_id=order.id,
        about=order.number,
        currency=order.currency,
        tax_percent=order.tax_percent,
        rows=rows,
        remarks=remarks,
    )
