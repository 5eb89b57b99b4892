"""What moves customers' standings; delivered orders do as they pay points."""

from datetime import datetime
from functools import partial

from common import table
from common.events.auth import CustomerRegistered
from common.events.returns import ReturnExchanged, ReturnSettled
from loyalty.standing import store
from loyalty.standing.standing import Counted, Standing


def begin(customer: CustomerRegistered) -> None:
    """Let carts know what is missing to the first tier."""
    first = Standing(customer.customer_id)
    store.begin(first, first.told(customer.customer_id, customer.occurred_at))


def take_off(goods: ReturnSettled) -> None:
    """Take off what went back. What came instead is an order of its own, and counts by itself."""
    table.retried(partial(_take_off, goods))


def _take_off(goods: ReturnSettled) -> None:
    before, known = store.find_with(goods.customer_id, goods.order_id)
    if goods.return_id in known.returns:
        return
    carried = goods.carried_minor if isinstance(goods, ReturnExchanged) else 0
    back = goods.amount_minor + goods.balance_minor + carried
    after = known.returned(goods.return_id, back)
    move(before, known, after, goods.return_id, goods.occurred_at)


def move(
    before: Standing,
    known: Counted,
    after: Counted,
    cause_id: str,
    at: datetime,
    *beside: table.Write,
) -> None:
    """Move the standing by what the order counts for more or less than was *known*, together with
    *beside*, and tell of it. ConditionFailed when it was moved meanwhile."""
    moved = before.moved(after.net_minor - known.net_minor)
    store.count(after, moved, moved.told(cause_id, at), *beside)
