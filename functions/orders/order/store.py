"""Orders in DynamoDB.

pk             sk          what      gsi1pk                gsi1sk  gsi2pk           gsi2sk
CUSTOMER#<id>  ORDER#<id>  an order  ORDERS#<state>#<day>  <id>    NUMBER#<number>  <id>

A customer's orders are one query, newest first, since ids sort by time. The staff's queue is
one partition a state and day: the stage lets 100 requests a second through, and a partition
takes 1,000 writes, so it needs no shards; a busier shop can add them from some day on.
"""

from collections.abc import Iterator
from datetime import date, datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import clock, guests, idempotency, ids, ledger, outbox, table
from common.access import Caller
from common.conditions import Attr
from common.errors import Busy
from orders.catalogue import store as catalogue
from orders.coupons import store as coupons
from orders.order import money_store as money
from orders.order import parcel_store as parcels
from orders.order import pickup_store as pickup
from orders.order import redemption, rows
from orders.order.facts import fact
from orders.order.number import number
from orders.order.order import Order, State


class Overtaken(Exception):
    """Somebody changed the order meanwhile; *order* is how it stands now."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.id)
        self.order = order


def key(customer_id: str, order_id: str) -> tuple[str, str, str]:
    """Where an order lies, for a read together with other items."""
    return table.OWN, *rows.key(customer_id, order_id)


def find(customer_id: str, order_id: str) -> Order | None:
    item = table.get(*rows.key(customer_id, order_id))
    return rows.parse(item) if item else None


def find_live(caller: Caller, order_id: str) -> Order | None:
    """The caller's order; Unauthorized when the caller's session has ended. One round trip."""
    [item] = guests.get_live(caller, key(caller.id, order_id))
    return rows.parse(item) if item else None


def find_any(order_id: str) -> Order | None:
    """Anybody's order, for staff: by its number, which its id tells."""
    try:
        numbered = f"NUMBER#{number(order_id)}"
    except ValueError:  # an id from beyond the calendar is nobody's order
        return None
    found = table.query(numbered, table.sort_key("gsi2").eq(order_id), index="gsi2").items
    return rows.parse(found[0]) if found else None


def find_now(order_id: str) -> Order:
    """Anybody's order as it stands, for whoever knows its id only. Busy while it cannot be found:
    an index lags behind, and a claim moves the order."""
    lagging = find_any(order_id)
    found = find(lagging.customer_id, order_id) if lagging else None
    if found is None:
        raise Busy
    return found


def page(customer_id: str, limit: int, start: table.Item | None) -> table.Page:
    """The customer's orders, newest first."""
    orders = table.sort_key().begins_with("ORDER#")
    pk = f"CUSTOMER#{customer_id}"
    return table.query(pk, orders, limit=limit, start=start, newest_first=True)


def every(customer_id: str) -> Iterator[table.Item]:
    """All the customer's orders, page after page."""
    return table.query_all(f"CUSTOMER#{customer_id}", table.sort_key().begins_with("ORDER#"))


def queue(state: State, day: date, limit: int, start: table.Item | None) -> table.Page:
    """Orders placed on *day* that are now in *state*, oldest first."""
    return table.query(rows.queue(state, day), index="gsi1", limit=limit, start=start)


def place(order: Order) -> table.Write:
    return table.put(rows.row(order))


def remove(order: Order) -> table.Write:
    """The order is somebody else's now; refused unless it is as it was read."""
    return table.delete(*rows.key(order.customer_id, order.id), Attr("version").eq(order.version))


def save(call: idempotency.Attempt, answer: BaseModel, before: Order, after: Order) -> None:
    """Write the order's next state with its stock, points and event, and the *answer*.

    Repeated for a repeated call; Overtaken unless the order is still as it was *before*.
    """
    commit(call, answer, before, after, *reached(before, after))


def reached(before: Order, after: Order) -> list[table.Write]:
    """What comes with the state that *after* has reached: its event, stock, points and money."""
    told = outbox.row(fact(after, ids.new(after.changed_at)))
    return [told, *_consequences(after), *money.on_state(before, after)]


def moved(order: Order, to: State, at: datetime) -> list[table.Write]:
    """The order in its next state, with all that comes with it, as `save` writes it. Raise
    TransitionNotAllowed."""
    after = order.moved(to, at)
    return [replaced(order, after), *reached(order, after)]


def replaced(before: Order, after: Order) -> table.Write:
    """The order as it is *after*; refused unless it is still as it was *before*."""
    return table.put(rows.row(after), Attr("version").eq(before.version))


def unchanged(order: Order) -> table.Write:
    """What was decided by *order* is refused once it is another."""
    return table.check(*rows.key(order.customer_id, order.id), Attr("version").eq(order.version))


def commit(
    call: idempotency.Attempt, answer: BaseModel, before: Order, after: Order, *more: table.Write
) -> None:
    """Write the order with the *answer* and *more*, as `save` does."""
    writes = [replaced(before, after), *more]
    try:
        idempotency.commit(call, HTTPStatus.OK, answer, *writes)
    except table.ConditionFailed as refused:
        if standing := refused.found.get(0):
            raise Overtaken(rows.parse(standing)) from refused
        if 0 in refused.found:  # it was claimed meanwhile, and lies elsewhere
            raise Busy from refused
        raise


def _consequences(order: Order) -> list[table.Write]:
    """What a state does to stock and points, to where its parcels lead, and to timers."""
    match order.state:
        case State.SHIPPED:
            left = [catalogue.ship(line.sku, line.quantity) for line in order.goods]
            return [*left, *parcels.known(order)]
        case State.READY_FOR_PICKUP:
            return [pickup.awaited(order)]
        case State.COMPLETED:
            return parcels.forgotten(order.id, order.parcels)
        case State.CANCELLED:
            back = [catalogue.give_back(line.sku, line.quantity) for line in order.goods]
            return [*back, *_given_back(order)]
        case State.UNCOLLECTED:
            return _given_back(order)
        case State.RETURNED:
            back = [catalogue.restock(line.sku, line.quantity) for line in order.goods]
            return [*back, *parcels.forgotten(order.id, order.parcels)]
    return []


def _given_back(order: Order) -> list[table.Write]:
    """The coupon, and the points, that it was bought with."""
    day = clock.day_of(order.changed_at)
    points = ledger.post(redemption.reversal(order, day)) if order.points else []
    return [*coupons.given_back(order), *points]
