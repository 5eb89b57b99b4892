"""Returns in DynamoDB.

pk             sk           what      gsi1pk            gsi1sk  gsi2pk             gsi2sk
CUSTOMER#<id>  RETURN#<id>  a return  RETURNS#<state>   <id>    RETURN#<number>    <id>

Each change goes with its order's, whose version lets one of two through: what the returns of an
order hold of it lies in the order's row.
"""

from collections import Counter
from datetime import timedelta
from http import HTTPStatus

from pydantic import BaseModel

from common import clock, guests, idempotency, ids, ledger, outbox, table, timers
from common.access import Caller
from common.conditions import Attr
from common.errors import Busy, NotFound
from orders.catalogue import store as catalogue
from orders.order import facts as orders_facts
from orders.order import redemption
from orders.order import store as orders
from orders.order.order import Order
from orders.payments.refunds import store as refunds
from orders.returns import holding, rows
from orders.returns.exchange import ReplacementOutOfStock
from orders.returns.facts import fact
from orders.returns.promise import PreviewUsed
from orders.returns.returns import Return, State, rma

EXCHANGE_ENDS = "return.exchange_ends"
# From the shop's yes on.
KEPT_FOR_EXCHANGE = timedelta(days=14)


def get_live(caller: Caller, return_id: str) -> Return:
    """The caller's return; Unauthorized when the caller's session has ended, NotFound. One round
    trip."""
    [row] = guests.get_live(caller, (table.OWN, *rows.key(caller.id, return_id)))
    if row is None:
        raise NotFound
    return rows.parse(row)


def get(customer_id: str, return_id: str) -> Return:
    """NotFound unless the customer has such a return."""
    found = find(customer_id, return_id)
    if found is None:
        raise NotFound
    return found


def find(customer_id: str, return_id: str) -> Return | None:
    row = table.get(*rows.key(customer_id, return_id))
    return rows.parse(row) if row else None


def find_any(return_id: str) -> Return | None:
    """Anybody's return as it stands, for staff: by its number, which its id tells."""
    try:
        numbered = rows.numbered(rma(return_id))
    except ValueError:  # an id from beyond the calendar is nobody's return
        return None
    found = table.query(numbered, table.sort_key("gsi2").eq(return_id), index="gsi2").items
    return find(found[0]["customer_id"], return_id) if found else None


def page(customer_id: str, limit: int, start: table.Item | None) -> table.Page:
    """The customer's returns, newest first."""
    returns = table.sort_key().begins_with("RETURN#")
    pk = f"CUSTOMER#{customer_id}"
    return table.query(pk, returns, limit=limit, start=start, newest_first=True)


def queue(state: State, limit: int, start: table.Item | None) -> table.Page:
    """Returns that are now in *state*, oldest first."""
    return table.query(rows.queue(state), index="gsi1", limit=limit, start=start)


def earned(order: Order) -> int:
    """The points that loyalty paid for the order."""
    account = ledger.points_of(order.customer_id)
    posting = ledger.booked(account, ledger.accrual_of(order.id))
    return sum(leg.amount for leg in posting.legs if leg.account == account) if posting else 0


def began(
    call: idempotency.Attempt, answer: BaseModel, before: Order, after: Order, new: Return
) -> None:
    """Write the new return with its order and the *answer*, and keep what is exchanged for it.
    Repeated for a repeated call; PreviewUsed; ReplacementOutOfStock; ConditionFailed unless the
    order is still as it was read."""
    told = outbox.row(fact(new, ids.new(new.changed_at)))
    kept = [catalogue.hold(instead.sku, item.quantity) for item, instead in new.exchanges]
    writes = [*kept, table.put(rows.row(new)), orders.replaced(before, after), told]
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, *writes)
    except table.ConditionFailed as refused:
        if len(kept) in refused.found:
            raise PreviewUsed(return_id=new.id) from refused
        if missing := [new.exchanges[n][1].sku for n in range(len(kept)) if n in refused.found]:
            raise ReplacementOutOfStock(sku=missing[0]) from refused
        raise


def changed(
    call: idempotency.Attempt, answer: BaseModel, before: Return, after: Return, *more: table.Write
) -> None:
    """Write the return's next state with *more* and the *answer*. Repeated for a repeated call;
    ConditionFailed unless everything is still as it was read."""
    told = outbox.row(fact(after, ids.new(after.changed_at)))
    row = table.put(rows.row(after), Attr("version").eq(before.version))
    idempotency.commit(call, HTTPStatus.OK, answer, row, *more, told)


def expiring(one: Return) -> list[table.Write]:
    """What is kept for an exchange is kept so long, if the goods are to come first."""
    if not (one.exchanges and one.is_sent_back):
        return []
    subject = {"customer_id": one.customer_id, "return_id": one.id}
    due = one.changed_at + KEPT_FOR_EXCHANGE
    return [
        timers.arm(timers.Timer(EXCHANGE_ENDS, ids.derived(one.id, EXCHANGE_ENDS), due, subject))
    ]


def expired(before: Return, after: Return) -> list[table.Write]:
    """The writes by which the shop waits for the goods no longer."""
    told = outbox.row(fact(after, ids.new(after.changed_at)))
    row = table.put(rows.row(after), Attr("version").eq(before.version))
    return [row, *released(order_of(before), before), told]


def released(order: Order, one: Return) -> list[table.Write]:
    """The order holds nothing of a return that came to nothing, and nothing is kept for it."""
    free = [catalogue.give_back(new.sku, item.quantity) for item, new in one.exchanges]
    return [orders.replaced(order, holding.released(order, one)), *free]


def refunded(
    order: Order, before: Return, after: Return, replacement: Order | None
) -> list[table.Write]:
    """What was accepted is given back: money, points, and goods to the shelf; but what pays for
    the *replacement* goes there. Busy while the order's money is being taken."""
    at, settled = after.changed_at, holding.settled(order, before, after)
    paid, money = refunds.promised(order, settled, after.promise.due, at, replacement)
    placed = []
    if replacement:
        told = orders_facts.fact(replacement, ids.new(at))
        placed = [orders.place(replacement), outbox.row(told)]
    return [orders.replaced(order, paid), *money, *_points(order, after), *_shelf(after), *placed]


def _shelf(one: Return) -> list[table.Write]:
    """What came back, and what was kept for pieces that did not come."""
    restocked = Counter({item.sku: item.restocked for item in one.items})
    free = Counter({new.sku: item.quantity - item.accepted for item, new in one.exchanges})
    skus = {sku: None for sku, n in (*restocked.items(), *free.items()) if n}
    return [catalogue.restock(sku, restocked[sku], free[sku]) for sku in skus]


def order_of(one: Return) -> Order:
    """The order as it stands. Busy where it cannot be found."""
    found = orders.find(one.customer_id, one.order_id)
    if found is None:
        raise Busy
    return found


def _points(order: Order, one: Return) -> list[table.Write]:
    if not one.promise.lots_back:
        return []
    today = clock.day_of(one.changed_at)
    lots = redemption.given_back(order, one.promise.lots_back, today)
    posting_id = ids.derived(one.id, "points")
    memo = {"order_id": order.id, "return_id": one.id}
    return ledger.post(ledger.Posting(posting_id, "return", one.changed_at, lots, memo))
