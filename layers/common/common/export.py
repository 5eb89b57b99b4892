"""Export: how a capability hands over what it keeps of a customer.

pk             sk        what
CUSTOMER#<id>  EXPORTED  for which export this capability's part was handed over last

A part is an object of the private EXPORT_BUCKET, for it may be larger than any event: {name of a
kind: [its rows]}. It can die anywhere: the event comes again, and the part is written anew.
"""

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any

from common import aws, clock, erasure, ids, outbox, table
from common.conditions import Attr
from common.erasure import Kind
from common.events import ExportPart
from common.events.erasure import ExportRequested
from common.shown import COUNTS, Withheld

SK = "EXPORTED"

PROGRESS = Kind("progress of exports", SK, shown=COUNTS)

type Part = dict[str, list[dict[str, Any]]]


def hand_over(
    cause: ExportRequested,
    kinds: Sequence[Kind],
    rows: Iterable[table.Item],
    event: type[ExportPart],
) -> None:
    """Put what *kinds* show of *rows*, and report it: once for each export.

    Of an erased customer nothing is read, but reported: auth drops what nobody waits for.
    """
    pk = f"CUSTOMER#{cause.customer_id}"
    stone, last = table.get_many(erasure.key(cause.customer_id), (table.OWN, pk, SK))
    if last and last["export_id"] >= cause.export_id:
        return
    if not stone:
        put(cause.export_id, event.name.partition(".")[0], part(kinds, rows))
    # Ids of exports sort by time: one of the past is handed over no more.
    newer = table.ABSENT | Attr("export_id").lt(cause.export_id)
    mark = table.put({"pk": pk, "sk": SK, "export_id": cause.export_id}, newer)
    told = outbox.row(_report(cause, event))
    try:
        table.commit(mark, erasure.alive(cause.customer_id), told)
    except table.ConditionFailed:
        table.apply(told)


def part(kinds: Sequence[Kind], rows: Iterable[table.Item]) -> Part:
    """What *kinds* show of *rows*, by the names of the kinds, without what has expired."""
    found: Part = {}
    now = clock.now().timestamp()
    for row in rows:
        kind = next((kind for kind in kinds if kind.has(row)), None)
        live = row.get("expires_at", now + 1) > now
        if kind and live and not isinstance(kind.shown, Withheld):
            found.setdefault(kind.name, []).append(kind.shown(row))
    return found


def put(export_id: str, capability: str, part: Part) -> None:
    aws.s3().put_object(
        Bucket=os.environ["EXPORT_BUCKET"],
        Key=key(export_id, capability),
        Body=json.dumps(part, ensure_ascii=False).encode(),
    )


def key(export_id: str, capability: str) -> str:
    """Where a capability's part lies; each may write its own only."""
    return f"parts/{capability}/{export_id}.json"


def _report(cause: ExportRequested, event: type[ExportPart]) -> ExportPart:
    return event(
        id=ids.derived(cause.id, event.name),
        occurred_at=clock.now(),
        customer_id=cause.customer_id,
        export_id=cause.export_id,
    )
