"""Checkout in DynamoDB: one read of all it needs, one transaction that writes it all.

The transaction holds the record of the answer, the order, each product's stock at its price,
the cart, the event, when points or the balance pay a posting with its move each, and the timer of
a payment that is awaited: 73 writes at most of the 100 that one may hold.
"""

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import BaseModel

from common import guests, idempotency, ids, ledger, outbox, table
from common.access import Caller
from common.events.orders import GuestContactGiven
from orders.addresses import store as addresses
from orders.addresses.address import Address
from orders.cart import rows
from orders.cart import store as carts
from orders.cart.cart import Cart
from orders.catalogue import store as catalogue
from orders.checkout.checkout import Obstacles
from orders.claims import store as claims
from orders.order import money_store as money
from orders.order import store as orders
from orders.order.facts import fact
from orders.order.order import Order
from orders.order.parts import Line


class Refused(Exception):
    """The transaction met *obstacles*; nothing was written."""

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__()
        self.obstacles = obstacles


def read(
    caller: Caller, *, with_points: bool, address_id: str | None
) -> tuple[Cart, ledger.Account, Address | None]:
    """The caller's cart, points and saved address, in one round trip. Unauthorized when the
    session ended."""
    points = [ledger.key(ledger.points_of(caller.id))] if with_points else []
    address = [addresses.key(caller.id, address_id)] if address_id else []
    cart, *found = guests.get_live(caller, carts.key(caller.id), *points, *address)
    lots = [item for item in found[: len(points)] if item]
    entry = found[-1] if address else None
    return rows.cart(cart), ledger.parse(lots), addresses.parse(entry) if entry else None


def place(
    call: idempotency.Attempt,
    answer: BaseModel,
    order: Order,
    cart: Cart,
    contact: GuestContactGiven | None,
) -> None:
    """Turn *cart* into *order*, all or nothing.

    Repeated for a repeated call; Refused when the cart, a product or the points are no longer
    what they were.
    """
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, *_writes(order, cart, contact))
    except table.ConditionFailed as refused:
        raise Refused(_obstacles(order, refused.found)) from refused


def without_cart(order: Order) -> list[table.Write]:
    """The writes of an order that was made of no stored cart, and uses no points. Refused when a
    product or the balance is no longer what it was."""
    return [
        *map(_reserve, order.lines),
        *money.at_checkout(order),
        orders.place(order),
        outbox.row(fact(order, ids.new(order.placed_at))),
    ]


def _writes(order: Order, cart: Cart, contact: GuestContactGiven | None) -> list[table.Write]:
    """Stock first, then the cart, then points, then money: `_obstacles` counts on it."""
    return [
        *map(_reserve, order.lines),
        carts.emptied(order.customer_id, cart, order.placed_at),
        *(ledger.post(order.spending()) if order.points else []),
        *money.at_checkout(order),
        orders.place(order),
        *claims.claimable(order),
        *([outbox.row(contact)] if contact else []),
        outbox.row(fact(order, ids.new(order.placed_at))),
    ]


def _reserve(line: Line) -> table.Write:
    if line.shipped:
        return catalogue.take(line.sku, line.quantity, line.price_minor)
    return catalogue.confirm_price(line.sku, line.price_minor)


def _obstacles(order: Order, found: dict[int, table.Item | None]) -> Obstacles:
    """What refused, by its place among the writes, as `_writes` has them."""
    lines = len(order.lines)
    products = {
        line.sku: catalogue.sold(found[n]) for n, line in enumerate(order.lines) if n in found
    }
    paid = lines + 1 + (2 if order.points else 0)
    points = [item for n, item in found.items() if lines < n < paid]
    balance = [item for n, item in found.items() if n >= paid]
    return Obstacles(lines in found, products, _account(points), _account(balance))


def _account(refused: Sequence[table.Item | None]) -> ledger.Account | None:
    return ledger.parse([item for item in refused if item]) if refused else None
