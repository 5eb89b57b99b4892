"""Keeps the search index up with the catalogue."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer, table
from common.events.catalogue import ProductChanged
from common.events.orders import OrderPlaced
from orders.search import store


def absorb(changes: Sequence[ProductChanged]) -> None:
    """A whole batch makes one snapshot. What the products are is read anew: so events that come
    twice, late or in another order do no harm."""
    table.retried(partial(store.refresh, [change.sku for change in changes]))


def notice_what_sold_out(orders: Sequence[OrderPlaced]) -> None:
    """Nothing is written unless the last piece went."""
    skus = [line.sku for order in orders for line in order.lines]
    table.retried(partial(store.refresh, skus))


REACTIONS: consumer.Gathered = {ProductChanged: absorb, OrderPlaced: notice_what_sold_out}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume_together(event, REACTIONS)
