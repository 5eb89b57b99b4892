"""What orders has of a customer, how each is erased, and what stands against it.

pk             sk              what
CUSTOMER#<id>  ERASURE-ANSWER  which asking for obstacles was answered last
"""

from collections.abc import Sequence
from contextlib import suppress

from common import clock, consumer, erasure, ids, outbox, table
from common.conditions import Attr
from common.erasure import Kind
from common.events.erasure import CustomerErased, ErasureDue
from common.events.orders import CustomerErased as Report
from common.events.orders import ErasureAnswered
from orders.order import store
from orders.order.order import NEXT

OPEN_ORDER = "open_order"
ANSWER = "ERASURE-ANSWER"


def _pseudonymised(row: table.Item) -> Sequence[table.Write]:
    """Of an order stays what the books need: what was bought when, and for how much."""
    if not row["delivery"]["recipient"]:
        return []
    nobody = {"recipient": "", "phone": None, "address": ""}
    order = row | {"delivery": row["delivery"] | nobody, "gift": None, "contact": None}
    order |= {"tracking_number": None, "version": row["version"] + 1}
    return [table.put(order, Attr("version").eq(row["version"]))]


KINDS = (
    Kind("saved addresses", "ADDRESS"),
    Kind("answers about the erasure", ANSWER),
    Kind("cart", "CART"),
    Kind("keys of proven contacts", "CONTACTS"),
    Kind("answers to repeated calls", "IDEMPOTENCY#"),
    Kind("answers to staff", "IDEMPOTENCY#", partition="STAFF#", why="expires_within_a_day"),
    Kind("orders", "ORDER#", how=_pseudonymised, why="bookkeeping"),
    Kind("postings of points", "", partition="ACCOUNT#", why="bookkeeping"),
)


def answer(due: ErasureDue) -> None:
    """Say whether the customer has orders under way."""
    orders = map(store.parse, store.every(due.customer_id))
    hindered = any(NEXT[order.state] for order in orders)
    told = ErasureAnswered(
        id=ids.derived(due.id, ErasureAnswered.name),
        occurred_at=clock.now(),
        customer_id=due.customer_id,
        erasure_id=due.erasure_id,
        round=due.round,
        obstacles=(OPEN_ORDER,) if hindered else (),
    )
    # Ids of erasures sort by time: an answer that was given, or is of the past, is given no more.
    asked = f"{due.erasure_id}#{due.round:04}"
    row = {"pk": f"CUSTOMER#{due.customer_id}", "sk": ANSWER, "asked": asked}
    newer = table.put(row, table.ABSENT | Attr("asked").lt(asked))
    with suppress(table.ConditionFailed):
        table.commit(newer, erasure.alive(due.customer_id), outbox.row(told))


def erase(cause: CustomerErased) -> None:
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


REACTIONS: consumer.Reactions = {ErasureDue: answer, CustomerErased: erase}
