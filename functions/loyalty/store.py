"""Points in the value ledger (see common.ledger) and their events in loyalty's own table.

pk                                sk              what
ACCOUNT#customer:<id>:points      POSTING#<id>    one movement of points
ACCOUNT#customer:<id>:points      ~LOTS           what can be spent, by last day
"""

from collections.abc import Iterator

from common import ledger, table

POSTING = 0


def account(customer_id: str) -> ledger.Account:
    """The customer's points with the latest postings, in one query."""
    return ledger.account(ledger.points_of(customer_id))


def has_earned(customer_id: str, order_id: str) -> bool:
    """Whether the points of the order were paid to the customer."""
    paid = ledger.booked(ledger.points_of(customer_id), ledger.accrual_of(order_id))
    return paid is not None


def every(customer_id: str) -> Iterator[table.Item]:
    """The rows of the customer's points account, page after page."""
    return table.query_all(f"ACCOUNT#{ledger.points_of(customer_id)}", table=ledger.TABLE)


def take_back(posting: ledger.Posting) -> None:
    """Book *posting*, once however often it is asked for. ConditionFailed when the account holds
    less by now: whoever asked looks again."""
    try:
        table.commit(*ledger.post(posting))
    except table.ConditionFailed as refused:
        if POSTING not in refused.found:
            raise
