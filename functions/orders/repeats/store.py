"""Repeat deliveries in DynamoDB.

pk             sk            what
CUSTOMER#<id>  REPEAT#<id>   a repeat delivery, whose version guards every change
CUSTOMER#<id>  REPEATS       how many there are

Each version arms one timer: to tell of the next delivery, or to order it. One that belongs to an
earlier version does nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import clock, erasure, idempotency, ids, table, timers
from common.conditions import Attr
from common.errors import NotFound, VersionConflict
from common.language import Text
from orders.order.bill import Method
from orders.repeats.repeat import MOST_REPEATS, Item, Repeat, TooManyRepeats

COUNT = "REPEATS"
TELL, ORDER = "repeat.tell", "repeat.order"


def every(customer_id: str) -> list[Repeat]:
    """The customer's repeat deliveries, oldest first."""
    under = table.sort_key().begins_with("REPEAT#")
    return list(map(_parse, table.query_all(_pk(customer_id), under)))


def find(customer_id: str, repeat_id: str) -> Repeat:
    """NotFound unless the customer has such a delivery."""
    row = table.get(_pk(customer_id), _sk(repeat_id))
    if row is None:
        raise NotFound
    return _parse(row)


def meant(timer: timers.Timer) -> Repeat | None:
    """The delivery that *timer* was armed for, None when it is another by now, or paused."""
    row = table.get(_pk(timer.subject["customer_id"]), _sk(timer.subject["repeat_id"]))
    found = _parse(row) if row else None
    meant = found and not found.paused and str(found.version) == timer.subject["version"]
    return found if meant else None


def add(call: idempotency.Attempt, view: BaseModel, made: Repeat, at: datetime) -> None:
    """Write a new delivery and the answer. Repeated for a repeated call, TooManyRepeats."""
    pk = _pk(made.customer_id)
    room = Attr("repeats").not_exists() | Attr("repeats").lt(MOST_REPEATS)
    counted = table.update(pk, COUNT, add={"repeats": 1}, condition=room)
    row, alive = table.put(_item(made)), erasure.alive(made.customer_id)
    try:
        idempotency.commit(call, HTTPStatus.CREATED, view, row, counted, alive, armed(made, at))
    except table.ConditionFailed as full:
        raise TooManyRepeats(most_repeats=MOST_REPEATS) from full


def save(after: Repeat, at: datetime) -> None:
    """Write the delivery's next version. VersionConflict unless it is the one after what stands."""
    try:
        table.commit(*saved(after, at))
    except table.ConditionFailed as overtaken:
        raise VersionConflict from overtaken


def saved(after: Repeat, at: datetime) -> Sequence[table.Write]:
    """The writes of the delivery's next version; refused unless it is the one after what stands."""
    written = table.put(_item(after), Attr("version").eq(after.version - 1))
    return [written] if after.paused else [written, armed(after, at)]


def armed(repeat: Repeat, at: datetime) -> table.Write:
    """The timer of this version: it tells of the next delivery while there is time to, else orders
    it."""
    zone = clock.shop_zone()
    told = repeat.told_at(zone)
    kind, due = (TELL, told) if told > at else (ORDER, max(repeat.ordered_at(zone), at))
    subject = {"customer_id": repeat.customer_id, "repeat_id": repeat.id}
    subject |= {"version": str(repeat.version)}
    return timers.arm(timers.Timer(kind, ids.derived(repeat.id, subject["version"]), due, subject))


def end(customer_id: str, repeat_id: str) -> bool:
    """Delete the delivery; False when there is none."""
    gone = table.delete(_pk(customer_id), _sk(repeat_id))
    fewer = table.update(_pk(customer_id), COUNT, add={"repeats": -1})
    try:
        table.commit(gone, fewer)
    except table.ConditionFailed:
        return False
    return True


def _parse(row: table.Item) -> Repeat:
    return Repeat(
        id=row["id"],
        customer_id=row["customer_id"],
        items=tuple(Item(**item) for item in row["items"]),
        every_weeks=row["every_weeks"],
        next_on=date.fromisoformat(row["next_on"]),
        address_id=row["address_id"],
        payment=Method(row["payment"]),
        names={sku: Text(**name) for sku, name in row["names"].items()},
        prices=row["prices"],
        paused=row["paused"],
        paused_for=row["paused_for"],
        version=row["version"],
    )


def _item(repeat: Repeat) -> table.Item:
    known = asdict(repeat) | {"next_on": repeat.next_on.isoformat()}
    known |= {"payment": repeat.payment.value, "items": list(map(asdict, repeat.items))}
    return {"pk": _pk(repeat.customer_id), "sk": _sk(repeat.id), "v": 1} | known


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _sk(repeat_id: str) -> str:
    return f"REPEAT#{repeat_id}"
