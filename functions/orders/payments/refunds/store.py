"""How staff give money back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from common import ids, outbox, table
from common.errors import Busy
from common.events.orders import OrderFailed
from orders.order import money_store as money
from orders.order import store
from orders.order.bill import Method, MoreThanPaid, Parts, Status
from orders.order.facts import members
from orders.order.order import Order, State

SHOP_FAILED: Final = "shop_failed"
LEFT_THE_HOUSE = (State.SHIPPED, State.READY_FOR_PICKUP, State.DELIVERED, State.COMPLETED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A refund of *amount_minor*, None for all; *to_balance* rather than to where it came from."""

    amount_minor: int | None
    reason: str
    to_balance: bool = False


def decided(order: Order, wanted: Wanted, at: datetime) -> tuple[Order, list[table.Write]]:
    """The order after the refund, and its writes beside the order's own. Raise MoreThanPaid."""
    if wanted.reason != SHOP_FAILED:
        return _refunded(order, wanted, at)
    if State.CANCELLED in order.next_states:
        after = order.moved(State.CANCELLED, at)
        writes = store.reached(order, after)
    elif not order.totals.total_minor:
        after, writes = order.billed(order.bill), []  # a promo code took all of it
    else:
        after, writes = _refunded(order, Wanted(None, SHOP_FAILED, wanted.to_balance), at)
    return after, [*writes, outbox.row(_failed(after, at))]


def promised(
    before: Order, after: Order, due: Parts, at: datetime, into: Order | None = None
) -> tuple[Order, list[table.Write]]:
    """*after* with what was promised given back, less what pays for the order *into*, and the
    writes of that. Raise Busy while the money is being taken."""
    bill = before.bill
    if bill.status is Status.AUTHORISED:
        raise Busy
    if not bill.is_held and bill.method is not Method.CASH:
        due = replace(due, source_minor=0)  # its bank let go of it
    if not due.total_minor:
        return after, []
    parts = bill.refund(due.total_minor) if bill.method is Method.CASH else due
    paid = replace(after, bill=bill.returned(parts))
    back = parts.less(into.bill.balance_minor if into else 0)
    return paid, money.given_back(before, paid, back, at, into=into)


def _refunded(order: Order, wanted: Wanted, at: datetime) -> tuple[Order, list[table.Write]]:
    bill = order.bill
    held = bill.status is Status.AUTHORISED
    if held and (order.state in LEFT_THE_HOUSE or not order.goods):
        raise Busy  # the money is being taken this minute
    kept = sum(line.paid_minor for line in order.lines if line.money and order.has_arrived)
    amount = wanted.amount_minor or bill.left.total_minor - kept
    parts = bill.refund(amount, kept)
    by_balance = wanted.to_balance or bill.method is Method.CASH
    if by_balance and (order.is_guests or (held and parts.source_minor)):
        raise MoreThanPaid(most_minor=0)  # a guest has no balance; what is not taken cannot move
    after = order.billed(bill.returned(parts))
    return after, money.given_back(order, after, parts, at, to_balance=wanted.to_balance)


def _failed(order: Order, at: datetime) -> OrderFailed:
    return OrderFailed(
        **members(order, ids.derived(order.id, "failed-by-the-shop"), at),
    )
