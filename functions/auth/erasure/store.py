"""Erasures in DynamoDB.

pk             sk             what
ERASURE#<id>   ERASURE        an erasure, and after it the proof that it happened
CUSTOMER#<id>  ERASURE        which erasure the customer asked for
ERASED         <customer id>  everybody erased: what a restored copy brings back is erased again
"""

from dataclasses import asdict
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from auth.erasure.erasure import Erasure, Part, State
from common import idempotency, ids, outbox, table, timers
from common.conditions import Attr
from common.events import Event

SK = "ERASURE"
TIMER = "erasure"
TIMES = ("requested_at", "due_at", "look_at", "finished_at")


def find(erasure_id: str) -> Erasure | None:
    row = table.get(_pk(erasure_id), SK)
    return _erasure(row) if row else None


def of_customer(customer_id: str) -> Erasure | None:
    row = table.get(f"CUSTOMER#{customer_id}", SK)
    return find(row["erasure_id"]) if row else None


def begin(call: idempotency.Attempt, answer: BaseModel, erasure: Erasure, event: Event) -> bool:
    """Write *erasure* with its timer, *event* and the *answer*. False when the customer has asked
    already; Repeated for a repeated call."""
    named = {"pk": f"CUSTOMER#{erasure.customer_id}", "sk": SK, "erasure_id": erasure.id}
    here = table.check(f"CUSTOMER#{erasure.customer_id}", "ACCOUNT", table.PRESENT)
    row, timer = table.put(_row(erasure)), timers.arm(_timer(erasure))
    try:
        writes = table.put(named), here, row, timer, outbox.row(event)
        idempotency.commit(call, HTTPStatus.ACCEPTED, answer, *writes)
    except table.ConditionFailed:
        return False
    return True


def undo(erasure: Erasure, event: Event) -> None:
    """Forget that it was asked for. ConditionFailed unless it is still as it was read."""
    table.commit(
        table.delete(_pk(erasure.id), SK, Attr("version").eq(erasure.version)),
        table.delete(f"CUSTOMER#{erasure.customer_id}", SK),
        timers.forget(_timer(erasure)),
        outbox.row(event),
    )


def change(before: Erasure, after: Erasure, *events: Event) -> list[table.Write]:
    """The writes that make *after* of *before*, move its timer and queue *events*; refused unless
    it is still as it was read."""
    put = table.put(_row(after), Attr("version").eq(before.version))
    moved = before.look_at != after.look_at
    former = [timers.forget(_timer(before))] if moved and before.look_at else []
    return [put, *former, *_coming(after, moved=moved), *map(outbox.row, events)]


def asked(before: Erasure, after: Erasure, event: Event) -> list[table.Write]:
    """As `change`, within the firing of the timer, which removes itself."""
    put = table.put(_row(after), Attr("version").eq(before.version))
    return [put, *_coming(after, moved=True), outbox.row(event)]


def listed(erasure: Erasure) -> table.Write:
    """The write that puts the customer among those who are erased."""
    row = {"pk": "ERASED", "sk": erasure.customer_id, "erasure_id": erasure.id}
    return table.put(row, condition=None)


def _coming(after: Erasure, *, moved: bool) -> list[table.Write]:
    return [timers.arm(_timer(after))] if moved and after.look_at else []


def _timer(erasure: Erasure) -> timers.Timer:
    due = erasure.look_at or erasure.due_at
    id_ = ids.derived(erasure.id, f"{TIMER}#{due.isoformat()}")
    return timers.Timer(TIMER, id_, due, {"erasure_id": erasure.id})


def _pk(erasure_id: str) -> str:
    return f"ERASURE#{erasure_id}"


def _row(erasure: Erasure) -> table.Item:
    return {"pk": _pk(erasure.id), "sk": SK, **{k: _plain(v) for k, v in asdict(erasure).items()}}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return list(value)
        case dict():
            return {name: _plain(part) for name, part in value.items()}
    return value


def _erasure(row: table.Item) -> Erasure:
    known = {name: value for name, value in row.items() if name not in ("pk", "sk")}
    times = {name: datetime.fromisoformat(row[name]) for name in TIMES if row[name]}
    parts = {cap: Part(tuple(p["erased"]), p["kept"]) for cap, p in row["parts"].items()}
    lists = {name: tuple(row[name]) for name in ("obstacles", "sessions", "contact_keys")}
    return Erasure(**known | times | lists | {"state": State(row["state"]), "parts": parts})
