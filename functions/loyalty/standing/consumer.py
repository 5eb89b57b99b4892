"""What moves customers' standings; delivered orders do as they pay points."""

from datetime import datetime
from functools import partial

from common import table
from common.events.auth import CustomerRegistered
from common.events.returns import ReturnExchanged, ReturnSettled
from loyalty.standing import store
from loyalty.standing.standing import Standing


def begin(customer: CustomerRegistered) -> None:
    """Let carts know what is missing to the first tier."""
    table.retried(partial(_move, customer, customer.customer_id, 0))


def take_off(goods: ReturnSettled) -> None:
    """Take off what went back. What came instead is an order of its own, and counts by itself."""
    carried = goods.carried_minor if isinstance(goods, ReturnExchanged) else 0
    back = goods.amount_minor + goods.balance_minor + carried
    table.retried(partial(_move, goods, goods.return_id, -back))


def _move(cause: CustomerRegistered | ReturnSettled, cause_id: str, amount: int) -> None:
    move(store.find(cause.customer_id), cause_id, amount, cause.occurred_at)


def move(before: Standing, cause_id: str, amount: int, at: datetime, *beside: table.Write) -> None:
    """Move the standing by *amount* for *cause_id*, once, together with *beside*, and tell of it.
    ConditionFailed when it was moved meanwhile."""
    after = before.moved(amount)
    store.count(cause_id, after, after.told(cause_id, at), *beside)
