"""What happens to orders and money, and what is issued for it: one event after another, for the
queue keeps the order of each legal entity's.

Issuing is three steps, each of which finds what an earlier try did: the number, the files under it,
and the note that they are there.
"""

import os
from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, ids
from common.events import Event
from common.events.orders import (
    DocumentIssued,
    OrderClaimed,
    OrderDelivered,
    OrderEvent,
    OrderPaid,
    OrderPlaced,
    RefundMade,
    StatementRequested,
)
from common.events.returns import ReturnExchanged
from orders.documents import csv_file, file_store, pdf, sale, store
from orders.documents.document import Content, Document, Format, Kind, Seller, identify
from orders.documents.statement import Period, statement
from orders.order import store as orders
from orders.order.order import Order
from orders.wallet import transaction_store as transactions


def place(placed: OrderPlaced) -> None:
    order, day = _order(placed), clock.day_of(placed.occurred_at)
    _issue(placed, sale.invoice(order, _seller(), day))
    if sale.is_paid_by_balance(order):
        _issue(placed, sale.receipt(order, _seller(), day))


def pay(paid: OrderPaid) -> None:
    order, day = _order(paid), clock.day_of(paid.occurred_at)
    _issue(paid, sale.receipt(order, _seller(), day))


def deliver(delivered: OrderDelivered) -> None:
    """What was paid in cash is paid now; and services are done."""
    order, day = _order(delivered), clock.day_of(delivered.occurred_at)
    if sale.is_paid_in_cash(order):
        _issue(delivered, sale.receipt(order, _seller(), day))
    if done := sale.act(order, _seller(), day):
        _issue(delivered, done)


def give_back(made: RefundMade) -> None:
    order, day = _order(made), clock.day_of(made.occurred_at)
    back = made.amount_minor, made.balance_minor
    _issue(made, sale.refund_receipt(order, _seller(), day, *back))


def exchange(settled: ReturnExchanged) -> None:
    """What was paid for goods that came back pays for others: it goes back, and is paid anew."""
    if settled.carried_minor:
        order, day = _order(settled), clock.day_of(settled.occurred_at)
        _issue(settled, sale.refund_receipt(order, _seller(), day, 0, settled.carried_minor))


def follow(claimed: OrderClaimed) -> None:
    """The documents of a guest's order go where the order went."""
    for document in store.of_order(claimed.order_id):
        store.move(document, claimed.customer_id)


def state(requested: StatementRequested) -> None:
    period, zone = Period(requested.first, requested.last), clock.shop_zone()
    movements = transactions.every(requested.customer_id, *period.bounds(zone))
    about = requested.customer_id, _seller(), period, movements
    day = clock.day_of(requested.occurred_at)
    _issue(requested, statement(*about, os.environ["CURRENCY"], day, zone))


def _order(told: OrderEvent) -> Order:
    """The order as it is now, which was claimed meanwhile if it is not where it was."""
    return orders.find(told.customer_id, told.order_id) or orders.find_now(told.order_id)


def _issue(cause: Event, content: Content) -> None:
    """Number, file and tell of what *cause* asks for, once however often it comes."""
    document = store.numbered(identify(cause.id, content.kind, cause.occurred_at), content)
    if document is None or document.filed:
        return
    file_store.put(document, Format.PDF, pdf.drawn(document))
    file_store.put(document, Format.CSV, csv_file.written(document))
    store.file(document, _issued(document, clock.now()))


def _issued(document: Document, at: datetime) -> DocumentIssued:
    content = document.content
    return DocumentIssued(
        id=ids.derived(document.id, DocumentIssued.name),
        occurred_at=at,
        customer_id=content.customer_id,
        document_id=document.id,
        order_id=content.order_id,
        kind=content.kind,
        number=str(document.number),
        about=content.about,
        asked_for=content.kind is Kind.STATEMENT,
    )


def _seller() -> Seller:
    return Seller(
        name=os.environ["LEGAL_NAME"],
        tax_number=os.environ["LEGAL_TAX_NUMBER"],
        address=os.environ["LEGAL_ADDRESS"],
    )


REACTIONS: consumer.Reactions = {
    OrderPlaced: place,
    OrderPaid: pay,
    OrderDelivered: deliver,
    RefundMade: give_back,
    ReturnExchanged: exchange,
    OrderClaimed: follow,
    StatementRequested: state,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
