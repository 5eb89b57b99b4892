"""Events support listens to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer, erasure, export, table
from common.erasure import Kind
from common.events.erasure import CustomerErased, ExportRequested
from common.events.orders import OrderClaimed, OrderPlaced
from common.events.support import CustomerErased as Report
from common.events.support import ExportPartReady
from common.shown import REPEATS, only
from support import store
from support.ticket import number


def remember_order(order: OrderPlaced | OrderClaimed) -> None:
    """Learn whose order it is, so that a ticket can be about it."""
    store.remember_order(order.customer_id, order.order_id, order.number)


TICKET = only("id", "subject", "category", "order_id", "state", "created_at", "updated_at")
MESSAGE = only("author", "text", "at")


def _ticket(row: table.Item) -> table.Item:
    return {"number": number(row["id"]), **TICKET(row)}


def _message(row: table.Item) -> table.Item:
    """Which agent wrote it is never shown."""
    return {"ticket_id": row["pk"].removeprefix("TICKET#"), **MESSAGE(row)}


KINDS = (
    erasure.SEEN_BY_STAFF,
    erasure.ANSWERS,
    Kind("numbers of orders", "ORDER#", shown=REPEATS),
    erasure.ANSWERS_TO_STAFF,
    export.PROGRESS,
    Kind("tickets", "TICKET", partition="TICKET#", shown=_ticket),
    Kind("messages of tickets", "MESSAGE#", partition="TICKET#", shown=_message),
)


def erase(cause: CustomerErased) -> None:
    store.forget(cause.customer_id)
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def hand_over(cause: ExportRequested) -> None:
    export.hand_over(cause, KINDS, store.every(cause.customer_id), ExportPartReady)


REACTIONS: consumer.Reactions = {
    OrderPlaced: remember_order,
    OrderClaimed: remember_order,
    CustomerErased: erase,
    ExportRequested: hand_over,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
