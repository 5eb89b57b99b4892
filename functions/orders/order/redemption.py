"""What an order does to the points it was paid with. Pure."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from common import ids, ledger
from common.ledger import NEVER
from orders.order.order import Order

# Who gets points back by a cancellation can always spend them for a fortnight.
GRACE_DAYS = 14
# The shop's account that points go to when they are spent.
REDEEMED = "shop:points:redeemed"


def spending(order: Order) -> ledger.Posting:
    """The posting that pays for the order with points."""
    legs = ledger.transfer(ledger.points_of(order.customer_id), REDEEMED, order.points)
    return _posting(order, "redemption", legs)


def reversal(order: Order, today: date) -> ledger.Posting:
    """The posting that gives the points back, lot by lot as they were taken.

    Points whose last day has passed meanwhile, or is near, can be spent for GRACE_DAYS more.
    """
    return _posting(order, "reversal", given_back(order, order.points, today))


def given_back(order: Order, points: Mapping[str, int], today: date) -> tuple[ledger.Leg, ...]:
    """The legs that give *points* back, which paid for the order."""
    lots: Counter[str] = Counter()
    for day, amount in points.items():
        lots[_spendable(day, today)] += amount
    return ledger.transfer(REDEEMED, ledger.points_of(order.customer_id), dict(lots))


def _posting(order: Order, kind: str, legs: tuple[ledger.Leg, ...]) -> ledger.Posting:
    memo = {"order_id": order.id}
    return ledger.Posting(ids.derived(order.id, kind), kind, order.changed_at, legs, memo)


def _spendable(day: str, today: date) -> str:
    """The last day of points given back: their own, or the end of the grace if that is later."""
    return max(day, (today + timedelta(days=GRACE_DAYS)).isoformat()) if day != NEVER else day
