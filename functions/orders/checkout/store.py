"""Checkout in DynamoDB: one read of all it needs, one transaction that writes it all.

The transaction holds the record of the answer, the order, each product's stock at its price,
the cart, the event and, when points pay, a posting with its move: 66 writes at most of the 100
that one may hold.
"""

from http import HTTPStatus

from pydantic import BaseModel

from common import guests, idempotency, ids, ledger, outbox, table
from common.access import Caller
from orders.cart import rows
from orders.cart import store as carts
from orders.cart.cart import Cart
from orders.catalogue import store as catalogue
from orders.checkout.checkout import Obstacles
from orders.order import store as orders
from orders.order.facts import fact
from orders.order.order import Line, Order


class Refused(Exception):
    """The transaction met *obstacles*; nothing was written."""

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__()
        self.obstacles = obstacles


def read(caller: Caller, *, with_points: bool) -> tuple[Cart, ledger.Account]:
    """The caller's cart and points, in one round trip. Unauthorized when the session ended."""
    keys = [carts.key(caller.id)]
    if with_points:
        keys.append(ledger.key(ledger.points_of(caller.id)))
    cart, *lots = guests.get_live(caller, *keys)
    return rows.cart(cart), ledger.parse([item for item in lots if item])


def place(call: idempotency.Attempt, answer: BaseModel, order: Order, cart: Cart) -> None:
    """Turn *cart* into *order*, all or nothing.

    Repeated for a repeated call; Refused when the cart, a product or the points are no longer
    what they were.
    """
    stock = [_reserve(line) for line in order.lines]
    spending = ledger.post(order.spending()) if order.points else []
    writes = [
        *stock,
        carts.emptied(order.customer_id, cart, order.placed_at),
        *spending,
        orders.place(order),
        outbox.row(fact(order, ids.new(order.placed_at))),
    ]
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, *writes)
    except table.ConditionFailed as refused:
        raise Refused(_obstacles(order, refused.found)) from refused


def _reserve(line: Line) -> table.Write:
    if line.shipped:
        return catalogue.take(line.sku, line.quantity, line.price_minor)
    return catalogue.confirm_price(line.sku, line.price_minor)


def _obstacles(order: Order, found: dict[int, table.Item | None]) -> Obstacles:
    """What refused, by its place among the writes: stock first, then the cart, then points."""
    lines = len(order.lines)
    products = {
        line.sku: catalogue.sold(found[n]) for n, line in enumerate(order.lines) if n in found
    }
    points = [item for n, item in found.items() if n > lines]
    account = ledger.parse([item for item in points if item]) if points else None
    return Obstacles(lines in found, products, account)
