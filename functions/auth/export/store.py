"""Exports in DynamoDB.

pk             sk           what
CUSTOMER#<id>  EXPORT#<id>  an export; `link_hash` of the one link that fetches it, once, until
                            `link_ends_at`
CUSTOMER#<id>  EXPORTS      when the last ones were asked for, and which one is being made
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from auth.export.export import Export, LinkOver, Shelf, State
from auth.rows import seconds
from common import clock, erasure, idempotency, outbox, table
from common.conditions import Attr, as_read
from common.events import Event
from common.expressions import Path

SHELF = "EXPORTS"
MOST_SHOWN = 50


def find(customer_id: str, export_id: str) -> Export | None:
    """The export, unless it is over."""
    row = table.get(_pk(customer_id), _sk(export_id))
    return _export(row) if row and _lasts(row) else None


def every(customer_id: str) -> Sequence[Export]:
    """The customer's exports that are not over, newest first."""
    under = table.sort_key().begins_with("EXPORT#")
    page = table.query(_pk(customer_id), under, limit=MOST_SHOWN, newest_first=True)
    return [_export(row) for row in page.items if _lasts(row)]


def shelf(customer_id: str) -> Shelf:
    row = table.get(_pk(customer_id), SHELF)
    if row is None:
        return Shelf()
    lately = tuple(map(datetime.fromisoformat, row["lately"]))
    return Shelf(row["version"], lately, row["under_way"])


def begin(
    call: idempotency.Attempt, answer: BaseModel, after: Shelf, export: Export, event: Event
) -> None:
    """Write *export*, the shelf *after* it, *event* and the *answer*. ConditionFailed unless the
    shelf is still as it was read; Repeated for a repeated call."""
    idempotency.commit(
        call,
        HTTPStatus.ACCEPTED,
        answer,
        table.put(_shelf(export.customer_id, after), as_read(after.version - 1)),
        table.put(_row(export)),
        erasure.alive(export.customer_id),
        outbox.row(event),
    )


def change(before: Export, after: Export) -> table.Write:
    """The write of *after*; refused unless the export is still as it was read."""
    return table.put(_row(after), Attr("version").eq(before.version))


def finished(export: Export, stands: Shelf) -> list[table.Write]:
    """The writes after which another may be made, if it is this one that the shelf waits for."""
    if stands.under_way != export.id:
        return []
    free = replace(stands, version=stands.version + 1, under_way=None)
    return [table.put(_shelf(export.customer_id, free), Attr("version").eq(stands.version))]


def link(export: Export, link_hash: str, ends_at: datetime) -> None:
    """Let the link of *link_hash*, and no earlier one, fetch the archive once. ConditionFailed
    when the export is gone."""
    known: dict[Path, Any] = {"link_hash": link_hash, "link_ends_at": seconds(ends_at)}
    table.apply(table.update(_pk(export.customer_id), _sk(export.id), assign=known))


def use_link(customer_id: str, export_id: str, link_hash: str) -> Export:
    """What the link leads to, which it does no longer. LinkOver unless it lives."""
    now = seconds(clock.now())
    lives = Attr("link_ends_at").gt(now) & Attr("expires_at").gt(now)
    known = Attr("link_hash").eq(link_hash) & lives
    where = _pk(customer_id), _sk(export_id)
    used = table.update(*where, remove=["link_hash", "link_ends_at"], condition=known)
    try:
        return _export(table.apply(used))
    except table.ConditionFailed as refused:
        raise LinkOver from refused


def _lasts(row: table.Item) -> bool:
    return bool(row["expires_at"] > clock.now().timestamp())


def _row(export: Export) -> table.Item:
    times = {"requested_at": export.requested_at, "ends_at": export.ends_at}
    return {
        "pk": _pk(export.customer_id),
        "sk": _sk(export.id),
        **asdict(export),
        **{name: at.isoformat() for name, at in times.items()},
        "state": export.state.value,
        "parts": list(export.parts),
        "expires_at": seconds(export.ends_at),
    }


def _export(row: table.Item) -> Export:
    return Export(
        id=row["id"],
        customer_id=row["customer_id"],
        requested_at=datetime.fromisoformat(row["requested_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        state=State(row["state"]),
        version=row["version"],
        parts=tuple(row["parts"]),
    )


def _shelf(customer_id: str, shelf: Shelf) -> table.Item:
    return {
        "pk": _pk(customer_id),
        "sk": SHELF,
        "version": shelf.version,
        "lately": [at.isoformat() for at in shelf.lately],
        "under_way": shelf.under_way,
    }


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _sk(export_id: str) -> str:
    return f"EXPORT#{export_id}"
