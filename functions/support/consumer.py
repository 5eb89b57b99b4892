"""Events support listens to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer
from common.events.orders import OrderClaimed, OrderPlaced
from support import store


def remember_order(order: OrderPlaced | OrderClaimed) -> None:
    """Learn whose order it is, so that a ticket can be about it."""
    store.remember_order(order.customer_id, order.order_id, order.number)


REACTIONS: consumer.Reactions = {OrderPlaced: remember_order, OrderClaimed: remember_order}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
