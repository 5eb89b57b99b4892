"""Standings in DynamoDB.

pk             sk            what
CUSTOMER#<id>  STANDING      what the customer spent in all
CUSTOMER#<id>  COUNTED#<id>  an order, or a return, that is among it
"""

from common import erasure, outbox, table
from common.conditions import as_read
from common.events.loyalty import StandingChanged
from loyalty.standing.standing import Standing

SK = "STANDING"
COUNTED, ALIVE = 0, 1


def find(customer_id: str) -> Standing:
    item = table.get(_pk(customer_id), SK)
    return (
        Standing(customer_id, item["spent_minor"], item["version"])
        if item
        else Standing(customer_id)
    )


def count(cause_id: str, after: Standing, told: StandingChanged, *beside: table.Write) -> None:
    """Let the standing be as it is *after* the order or return *cause_id*, and tell of it: once,
    together with *beside*, and of nobody who is erased. ConditionFailed when it changed
    meanwhile."""
    pk = _pk(after.customer_id)
    row = {"pk": pk, "sk": SK, "spent_minor": after.spent_minor, "version": after.version}
    try:
        table.commit(
            table.put({"pk": pk, "sk": f"COUNTED#{cause_id}"}),
            erasure.alive(after.customer_id),
            table.put(row, as_read(after.version - 1)),
            outbox.row(told),
            *beside,
        )
    except table.ConditionFailed as refused:
        if not {COUNTED, ALIVE} & refused.found.keys():
            raise


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
