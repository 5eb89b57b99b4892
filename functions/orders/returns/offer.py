"""A preview's promise, as it is sealed and comes back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from orders.catalogue.product import Product
from orders.order.order import Order
from orders.returns.parts import Exchange, Item, Promise
from orders.returns.promise import PreviewExpired
from orders.returns.reasons import Reason

GOOD_FOR = timedelta(minutes=30)
KIND = "return"
# All lines exchanged, paid with points of every day of a year, make 24 thousand letters.
LONGEST = 32 * 1024


@dataclass(frozen=True, slots=True)
class Offer:
    """What was promised for which pieces of an order; *return_id* is the return that it becomes:
    one promise is one return."""

    return_id: str
    order_id: str
    pieces: tuple[tuple[str, int, Reason, int], ...]
    promise: Promise
    exchanges: Mapping[str, tuple[str, int, int]]

    def items(self, order: Order, products: Mapping[str, Product]) -> list[Item]:
        """The pieces, by their names in the order and among the *products* that come instead.
        Raise PreviewExpired where one is not there."""
        names = {line.sku: line.name for line in order.lines}
        if not {sku for sku, *_ in self.pieces} <= names.keys() or set(self.instead) - {*products}:
            raise PreviewExpired
        return [
            Item(sku, names[sku], n, reason, paid, exchange=self._exchange(sku, products))
            for sku, n, reason, paid in self.pieces
        ]

    @property
    def instead(self) -> list[str]:
        """What comes instead."""
        return [sku for sku, *_ in self.exchanges.values()]

    def _exchange(self, sku: str, products: Mapping[str, Product]) -> Exchange | None:
        if sku not in self.exchanges:
            return None
        new, *sums = self.exchanges[sku]
        return Exchange(new, products[new].name, *sums)

    def terms(self) -> dict[str, Any]:
        return asdict(self)


def of(return_id: str, order: Order, items: Sequence[Item], promise: Promise) -> Offer:
    pieces = tuple((x.sku, x.quantity, x.reason, x.paid_minor) for x in items)
    instead = {
        x.sku: (x.exchange.sku, x.exchange.price_minor, x.exchange.carried_minor)
        for x in items
        if x.exchange
    }
    return Offer(return_id, order.id, pieces, promise, instead)


def parse(terms: Mapping[str, Any]) -> Offer:
    pieces = tuple((sku, n, Reason(reason), paid) for sku, n, reason, paid in terms["pieces"])
    instead = {sku: (new, price, paid) for sku, (new, price, paid) in terms["exchanges"].items()}
    known = terms["return_id"], terms["order_id"], pieces, Promise(**terms["promise"])
    return Offer(*known, instead)
