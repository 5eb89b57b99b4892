"""Claims in DynamoDB.

pk                        sk           what
CLAIMABLE#<contact key>   <order id>   a guest's order with this contact, and the guest's id
CUSTOMER#<id>             CONTACTS     the keys of the contacts that the customer has proven

Contacts are here as keys only (`common.contacts`): auth tells those of a customer, checkout makes
those of a guest, and equal ones are equal.
"""

from collections.abc import Sequence
from http import HTTPStatus

from pydantic import BaseModel

from common import contacts, erasure, guests, idempotency, ids, outbox, table
from common.access import Caller
from common.conditions import Attr
from common.events.orders import OrderClaimed
from orders.order import rows
from orders.order import store as orders
from orders.order.order import Order

CONTACTS = "CONTACTS"
# Each takes six of the hundred writes of a transaction.
MOST_AT_ONCE = 15


def claimable(order: Order) -> list[table.Write]:
    """The rows by which a guest's order is found once its contact is proven."""
    found = {"customer_id": order.customer_id, "order_id": order.id}
    return [table.put({"pk": pk, "sk": sk} | found) for pk, sk in _places(order)]


def remember(customer_id: str, keys: Sequence[str], version: int) -> None:
    """Keep the keys of the contacts that a customer has proven, unless newer ones are known; of
    one who is erased nothing is kept."""
    row = {"pk": _pk(customer_id), "sk": CONTACTS, "keys": list(keys), "version": version}
    newer = table.ABSENT | Attr("version").lt(version)
    try:
        table.commit(table.put(row, newer), erasure.alive(customer_id))
    except table.ConditionFailed:
        return


def waiting(caller: Caller) -> list[Order]:
    """Guests' orders with a contact that the caller has proven, MOST_AT_ONCE of them at most.
    Unauthorized when the caller's session has ended."""
    [row] = guests.get_live(caller, (table.OWN, _pk(caller.id), CONTACTS))
    found = [item for key in (row["keys"] if row else []) for item in _claimable(key)]
    places = {item["order_id"]: item["customer_id"] for item in found[:MOST_AT_ONCE]}
    keys = [orders.key(customer_id, order_id) for order_id, customer_id in places.items()]
    items = table.get_many(*keys)
    return [rows.parse(item) for item in items if item]


def claim(
    call: idempotency.Attempt, answer: BaseModel, moves: Sequence[tuple[Order, Order]]
) -> None:
    """Move each guest's order into the account that claims it, all or nothing, with the *answer*.

    Repeated for a repeated call; ConditionFailed unless each is still as it was read.
    """
    writes = [write for before, after in moves for write in _moved(before, after)]
    idempotency.commit(call, HTTPStatus.OK, answer, *writes)


def _moved(before: Order, after: Order) -> list[table.Write]:
    event = OrderClaimed(
        id=ids.derived(after.id, f"claimed:{after.version}"),
        occurred_at=after.changed_at,
        subject_version=after.version,
        customer_id=after.customer_id,
        order_id=after.id,
        number=after.number,
        over=not after.is_moving,
    )
    gone = [table.delete(pk, sk) for pk, sk in _places(before)]
    return [orders.remove(before), *gone, orders.place(after), outbox.row(event)]


def _claimable(key: str) -> list[table.Item]:
    return table.query(f"CLAIMABLE#{key}", limit=MOST_AT_ONCE).items


def _places(order: Order) -> list[tuple[str, str]]:
    """Where the order is found by its guest's contact."""
    known = order.contact
    keys = [
        *([contacts.key("email", known.email)] if known and known.email else []),
        *([contacts.key("phone", known.phone)] if known and known.phone else []),
    ]
    return [(f"CLAIMABLE#{key}", order.id) for key in keys]


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
