"""Events support listens to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer, erasure
from common.erasure import Kind
from common.events.erasure import CustomerErased
from common.events.orders import OrderClaimed, OrderPlaced
from common.events.support import CustomerErased as Report
from support import store


def remember_order(order: OrderPlaced | OrderClaimed) -> None:
    """Learn whose order it is, so that a ticket can be about it."""
    store.remember_order(order.customer_id, order.order_id, order.number)


KINDS = (
    Kind("what staff looked at", "", partition="VIEWED#", why="expires_within_two_hours"),
    Kind("answers to repeated calls", "IDEMPOTENCY#"),
    Kind("numbers of orders", "ORDER#"),
    Kind("answers to staff", "IDEMPOTENCY#", partition="STAFF#", why="expires_within_a_day"),
    Kind("tickets", "", partition="TICKET#"),
)


def erase(cause: CustomerErased) -> None:
    store.forget(cause.customer_id)
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


REACTIONS: consumer.Reactions = {
    OrderPlaced: remember_order,
    OrderClaimed: remember_order,
    CustomerErased: erase,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
