"""A preview's promise, as it is sealed and comes back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from orders.order.order import Order
from orders.returns.promise import PreviewExpired
from orders.returns.returns import Item, Promise, Reason

GOOD_FOR = timedelta(minutes=30)
KIND = "return"


@dataclass(frozen=True, slots=True)
class Offer:
    """What was promised for which pieces of an order."""

    order_id: str
    pieces: tuple[tuple[str, int, Reason, int], ...]
    promise: Promise

    def items(self, order: Order) -> list[Item]:
        """The pieces, by their names in the order. Raise PreviewExpired where one is not there."""
        names = {line.sku: line.name for line in order.lines}
        if not {sku for sku, *_ in self.pieces} <= names.keys():
            raise PreviewExpired
        return [Item(sku, names[sku], n, reason, paid) for sku, n, reason, paid in self.pieces]

    def terms(self) -> dict[str, Any]:
        return asdict(self)


def of(order: Order, items: Sequence[Item], promise: Promise) -> Offer:
    pieces = tuple((x.sku, x.quantity, x.reason, x.paid_minor) for x in items)
    return Offer(order.id, pieces, promise)


def parse(terms: Mapping[str, Any]) -> Offer:
    pieces = tuple((sku, n, Reason(reason), paid) for sku, n, reason, paid in terms["pieces"])
    return Offer(terms["order_id"], pieces, Promise(**terms["promise"]))
