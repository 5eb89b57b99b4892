"""Checkout in DynamoDB: one read of all it needs, one transaction that writes it all.

The transaction holds the record of the answer, the order, each product's stock at its price,
the cart, the event, when points or the balance pay a posting with its move each, three more where
a coupon's uses are counted, and the timer of a payment that is awaited, or of gift cards that are
paid: 76 writes at most of the 100 that one may hold.
"""

from collections.abc import Collection, Sequence
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
from orders.catalogue.product import Product
from orders.checkout.checkout import Draft, Obstacles
from orders.claims import store as claims
from orders.coupons import store as coupons
from orders.delivery import store as delivery
from orders.delivery.rates import Table
from orders.order import money_store as money
from orders.order import redemption
from orders.order import store as orders
from orders.order.facts import fact
from orders.order.order import Order
from orders.order.parts import Line
from orders.standing import store as standing
from orders.standing.standing import Standing


class Refused(Exception):
    """The transaction met *obstacles*; nothing was written."""

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__()
        self.obstacles = obstacles


def read(
    caller: Caller, *, with_points: bool, address_id: str | None, with_rates: bool
) -> tuple[Cart, Standing, ledger.Account, Address | None, Table]:
    """The caller's cart, standing, points and saved address, and the shop's rates, empty where they
    do not matter, in one round trip. Unauthorized when the session ended."""
    points = [ledger.key(ledger.points_of(caller.id))] if with_points else []
    address = [addresses.key(caller.id, address_id)] if address_id else []
    rates = [delivery.RATES] if with_rates else []
    own = carts.key(caller.id), standing.key(caller.id)
    cart, tier, *found = guests.get_live(caller, *own, *points, *address, *rates)
    lots = [item for item in found[: len(points)] if item]
    entry = found[len(points)] if address else None
    known = ledger.parse(lots), addresses.parse(entry) if entry else None
    zones = delivery.parse_rates(found[-1] if rates else None)
    return rows.cart(cart), standing.parse(tier), *known, zones


def look(draft: Draft) -> tuple[dict[str, Product], ledger.Account]:
    """The products of *draft* that are sold, and the balance if that is to pay, in one round
    trip."""
    lines, bill = draft.cart.lines, draft.order.bill
    money = [ledger.key(ledger.money_of(bill.payer_id))] if bill.balance_minor else []
    found = table.get_many(*(catalogue.key(line.sku) for line in lines), *money)
    lots = [item for item in found[len(lines) :] if item]
    return catalogue.sold_among(found[: len(lines)]), ledger.parse(lots)


def place(
    call: idempotency.Attempt,
    answer: BaseModel,
    draft: Draft,
    contact: GuestContactGiven | None,
) -> None:
    """Turn the cart of *draft* into its order, all or nothing.

    Repeated for a repeated call; Refused when the cart, a product or the points are no longer
    what they were.
    """
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, *_writes(draft, contact))
    except table.ConditionFailed as refused:
        raise Refused(_obstacles(draft.order, refused.found)) from refused


def without_cart(order: Order) -> list[table.Write]:
    """The writes of an order that was made of no stored cart, and uses no points; where it awaits a
    payment, a kept card is charged. Refused when a product or the balance is no longer what it was,
    or a product not for everybody."""
    placed = fact(order, ids.new(order.placed_at))
    return [
        *_reserved(order, tiers=()),
        *money.at_checkout(order),
        orders.place(order),
        outbox.row(placed.model_copy(update={"charged": order.bill.is_awaited})),
    ]


def _writes(draft: Draft, contact: GuestContactGiven | None) -> list[table.Write]:
    """Stock first, then cart, coupon, points and money: `_obstacles` counts on it."""
    order = draft.order
    return [
        *_reserved(order, draft.tiers),
        carts.emptied(order.customer_id, draft.cart, order.placed_at),
        *coupons.spent(order),
        *(ledger.post(redemption.spending(order)) if order.points else []),
        *money.at_checkout(order),
        orders.place(order),
        *claims.claimable(order),
        *([outbox.row(contact)] if contact else []),
        outbox.row(fact(order, ids.new(order.placed_at))),
    ]


def _reserved(order: Order, tiers: Collection[str]) -> list[table.Write]:
    return [_reserve(line, tiers) for line in order.lines]


def _reserve(line: Line, tiers: Collection[str]) -> table.Write:
    if line.shipped:
        return catalogue.take(line.sku, line.quantity, line.price_minor, tiers)
    return catalogue.confirm_price(line.sku, line.price_minor, tiers)


def _obstacles(order: Order, found: dict[int, table.Item | None]) -> Obstacles:
    """What refused, by its place among the writes, as `_writes` has them."""
    lines = len(order.lines)
    products = {
        line.sku: catalogue.sold(found[n]) for n, line in enumerate(order.lines) if n in found
    }
    bought = lines + 1 + len(coupons.spent(order))
    paid = bought + (2 if order.points else 0)
    points = [item for n, item in found.items() if bought <= n < paid]
    balance = [item for n, item in found.items() if n >= paid]
    coupon = coupons.refusal(order, {n - lines - 1 for n in found if lines < n < bought})
    return Obstacles(lines in found, products, _account(points), _account(balance), coupon)


def _account(refused: Sequence[table.Item | None]) -> ledger.Account | None:
    return ledger.parse([item for item in refused if item]) if refused else None
