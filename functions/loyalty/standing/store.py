"""Standings in DynamoDB.

pk             sk                  what
CUSTOMER#<id>  STANDING            what the customer spent in all
CUSTOMER#<id>  COUNTED#<order_id>  what of an order is among it: paid_minor, returns {id: minor}
"""

from dataclasses import asdict

from common import erasure, outbox, table
from common.conditions import as_read
from common.events.loyalty import StandingChanged
from loyalty.standing.standing import FIRST, Counted, Standing

SK = "STANDING"
# The places of writes; those beside come after them.
COUNTED, ALIVE, MOVED, TOLD = range(4)


def find(customer_id: str) -> Standing:
    return _standing(customer_id, table.get(_pk(customer_id), SK))


def find_with(customer_id: str, order_id: str) -> tuple[Standing, Counted]:
    """The standing, and what of an order is among it, in one round trip."""
    pk = _pk(customer_id)
    standing, order = table.get_many((table.OWN, pk, SK), (table.OWN, pk, f"COUNTED#{order_id}"))
    known = {name: order[name] for name in Counted.__slots__} if order else {"order_id": order_id}
    return _standing(customer_id, standing), Counted(**known)


def begin(first: Standing, told: StandingChanged) -> None:
    """Write a customer's first standing, and tell of it; where there is one, or the customer is
    erased, nothing happens."""
    try:
        table.commit(_put(first), erasure.alive(first.customer_id), outbox.row(told))
    except table.ConditionFailed:
        return


def count(order: Counted, after: Standing, told: StandingChanged, *beside: table.Write) -> None:
    """Let *order* be counted as it is now, and the standing be as it is *after* it, and tell of it:
    together with *beside*, or without where that was done before; nothing of who is erased.
    ConditionFailed when either changed meanwhile."""
    row = {"pk": _pk(after.customer_id), "sk": f"COUNTED#{order.order_id}", **asdict(order)}
    alive = erasure.alive(after.customer_id)
    writes = table.put(row, as_read(order.version - 1)), alive, _put(after), outbox.row(told)
    try:
        table.commit(*writes, *beside)
    except table.ConditionFailed as refused:
        if ALIVE in refused.found:
            return
        if min(refused.found) <= TOLD:
            raise
        table.commit(*writes)


def _put(standing: Standing) -> table.Write:
    """The first one is written where there is none; the one after it may find none either."""
    row = {"pk": _pk(standing.customer_id), "sk": SK, "spent_minor": standing.spent_minor}
    before = standing.version - 1
    known = as_read(before) | table.ABSENT if before == FIRST else as_read(before)
    return table.put(row | {"version": standing.version}, known)


def _standing(customer_id: str, item: table.Item | None) -> Standing:
    if item is None:
        return Standing(customer_id)
    return Standing(customer_id, item["spent_minor"], item["version"])


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
