"""Support's table.

pk               sk               gsi1pk / gsi1sk       gsi2pk / gsi2sk                   what
TICKET#<id>      TICKET           CUSTOMER#<id> / <id>  QUEUE#<state> / <updated_at>#<id> a ticket
TICKET#<id>      MESSAGE#<id>                                                  one of its messages
CUSTOMER#<id>    ORDER#<id>                                     an order the customer has placed
CUSTOMER#<id>    IDEMPOTENCY#...                                what a customer's call answered
STAFF#<id>       IDEMPOTENCY#...                                what an agent's call answered

Lists are read from the indexes and lag a moment behind a write; a ticket's thread does not.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from common import cursors, erasure, idempotency, outbox, table
from common.access import Caller
from common.conditions import Attr
from common.errors import Busy
from common.events import Event
from support.ticket import Message, State, Ticket, UnknownOrder

# A page of the queue looks at so many tickets at most.
LOOKED_AT = 100
# Where a ticket stands in the queue.
PLACE = ("pk", "sk", "gsi2pk", "gsi2sk")
TIMES = {"at", "created_at", "updated_at"}


def add(
    call: idempotency.Attempt, answer: BaseModel, ticket: Ticket, first: Message, event: Event
) -> None:
    """Write a new ticket with its first message. UnknownOrder unless the order is the customer's.

    Raise idempotency.Repeated when the call was made before.
    """
    writes = [table.put(_row(ticket)), _message(ticket.id, first), outbox.row(event)]
    if ticket.order_id:
        pk, sk = _order_key(ticket.customer_id, ticket.order_id)
        writes.append(table.check(pk, sk, table.PRESENT))
    try:
        idempotency.commit(call, HTTPStatus.CREATED, answer, *writes)
    except table.ConditionFailed as refused:
        raise UnknownOrder from refused


def change(
    call: idempotency.Attempt,
    status: HTTPStatus,
    answer: BaseModel,
    ticket: Ticket,
    message: Message | None = None,
    event: Event | None = None,
) -> None:
    """Put *ticket*, as changed, in place of the version before it, with what changed it.

    Raise Busy when somebody else was faster, idempotency.Repeated when the call was made before.
    """
    writes = [_put(ticket)]
    writes += [_message(ticket.id, message)] if message else []
    writes += [outbox.row(event)] if event else []
    try:
        idempotency.commit(call, status, answer, *writes)
    except table.ConditionFailed as refused:
        raise Busy from refused


def assign(ticket: Ticket) -> None:
    """Put *ticket*, as assigned, in place of the version before it. Busy when somebody else was
    faster."""
    try:
        table.commit(_put(ticket))
    except table.ConditionFailed as refused:
        raise Busy from refused


def find(ticket_id: str) -> Ticket | None:
    item = table.get(_pk(ticket_id), "TICKET")
    return _ticket(item) if item else None


def thread(ticket_id: str) -> tuple[Ticket, list[Message]] | None:
    """The ticket with its messages, oldest first, in one query for each megabyte of them."""
    items = list(table.query_all(_pk(ticket_id)))
    if not items:
        return None
    *messages, ticket = items  # "TICKET" sorts after "MESSAGE#"
    return _ticket(ticket), [_load(Message, item) for item in messages]


def of_customer(
    customer_id: str, limit: int, start: table.Item | None
) -> tuple[list[Ticket], table.Item | None]:
    """The customer's tickets, newest first."""
    page = table.query(
        f"CUSTOMER#{customer_id}", index="gsi1", limit=limit, start=start, newest_first=True
    )
    return [_ticket(item) for item in page.items], page.last


def queue(
    state: State, caller: Caller, limit: int, start: table.Item | None
) -> tuple[list[Ticket], table.Item | None]:
    """The tickets in *state* that are open to *caller*, those that wait longest first; so many
    are looked at, and a page with fewer than asked for may go on."""
    looked = table.query(f"QUEUE#{state}", index="gsi2", limit=LOOKED_AT, start=start)
    page = cursors.cut(looked, lambda item: _ticket(item).is_open_to(caller), limit, PLACE)
    return [_ticket(item) for item in page.items], page.last


def remember_order(customer_id: str, order_id: str, number: str) -> None:
    """Note whose order it is; a second time changes nothing, and of one who is erased nothing is
    noted."""
    pk, sk = _order_key(customer_id, order_id)
    row = {"pk": pk, "sk": sk, "number": number}
    with suppress(table.ConditionFailed):
        table.commit(table.put(row, condition=None), erasure.alive(customer_id))


def every(customer_id: str) -> Iterator[table.Item]:
    """The rows of the customer's tickets, each ticket after its messages."""
    for ticket in _tickets(customer_id):
        yield from table.query_all(ticket["pk"])  # "TICKET" sorts after "MESSAGE#"


def forget(customer_id: str) -> None:
    """Erase the customer's tickets, each after its messages, for by it they are found again."""
    for row in every(customer_id):
        table.apply(table.delete(row["pk"], row["sk"], condition=None))


def _tickets(customer_id: str) -> list[table.Item]:
    return list(table.query_all(f"CUSTOMER#{customer_id}", index="gsi1"))


def _pk(ticket_id: str) -> str:
    return f"TICKET#{ticket_id}"


def _order_key(customer_id: str, order_id: str) -> tuple[str, str]:
    return f"CUSTOMER#{customer_id}", f"ORDER#{order_id}"


def _put(ticket: Ticket) -> table.Write:
    """Refused unless the version before it stands there."""
    return table.put(_row(ticket), Attr("version").eq(ticket.version - 1))


def _row(ticket: Ticket) -> table.Item:
    return {
        "pk": _pk(ticket.id),
        "sk": "TICKET",
        "gsi1pk": f"CUSTOMER#{ticket.customer_id}",
        "gsi1sk": ticket.id,
        "gsi2pk": f"QUEUE#{ticket.state}",
        "gsi2sk": f"{ticket.updated_at.isoformat()}#{ticket.id}",
        **_plain(asdict(ticket)),
    }


def _message(ticket_id: str, message: Message) -> table.Write:
    key = {"pk": _pk(ticket_id), "sk": f"MESSAGE#{message.id}"}
    return table.put(key | _plain(asdict(message)))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in values.items()}


def _ticket(item: table.Item) -> Ticket:
    return _load(Ticket, item | {"state": State(item["state"])})


def _load[T: (Ticket, Message)](kind: type[T], item: table.Item) -> T:
    values = {field.name: item[field.name] for field in fields(kind)}
    times = {k: datetime.fromisoformat(values[k]) for k in TIMES & values.keys()}
    return kind(**values | times)
