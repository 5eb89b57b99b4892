"""Export: how a capability hands over what it keeps of a customer.

pk             sk        what
CUSTOMER#<id>  EXPORTED  for which export this capability's part was handed over last

A part is an object of the private EXPORT_BUCKET, for it may be larger than any event: a zip file
with the rows of each kind as JSON, and the files that the capability keeps of the customer. Of
those it holds MOST_FILES, and MOST_BYTES about, for it is made in memory and within a call; the
names of what was too much are in LEFT_OUT. It can die anywhere: the event comes again, and the part
is written anew.
"""

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from common import aws, clock, erasure, ids, outbox, table
from common.conditions import Attr
from common.erasure import Kind
from common.events import ExportPart
from common.events.erasure import ExportRequested
from common.shown import COUNTS, Withheld

SK = "EXPORTED"

PROGRESS = Kind("progress of exports", SK, shown=COUNTS)

MOST_FILES = 400
MOST_BYTES = 50 * 1024 * 1024
LEFT_OUT = "left-out.json"

type Part = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the customer's, by its place in the part; *read* fetches what is in it."""

    name: str
    read: Callable[[], bytes]


def hand_over(
    cause: ExportRequested,
    kinds: Sequence[Kind],
    rows: Iterable[table.Item],
    event: type[ExportPart],
    files: Iterable[File] = (),
) -> None:
    """Put what *kinds* show of *rows*, and *files*, and report it: once for each export.

    Of an erased customer nothing is read, but reported: auth drops what nobody waits for.
    """
    pk = f"CUSTOMER#{cause.customer_id}"
    stone, last = table.get_many(erasure.key(cause.customer_id), (table.OWN, pk, SK))
    if last and last["export_id"] >= cause.export_id:
        return
    if not stone:
        put(cause.export_id, event.name.partition(".")[0], part(kinds, rows), files)
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


def put(export_id: str, capability: str, part: Part, files: Iterable[File] = ()) -> None:
    """Write a capability's part, with those *files* that come first and fit."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        left_out = _take(archive, files)
        for name, rows in part.items():
            add(archive, f"{name.replace(' ', '-')}.json", _json(rows))
        if left_out:
            add(archive, LEFT_OUT, _json(left_out))
    aws.s3().put_object(
        Bucket=os.environ["EXPORT_BUCKET"], Key=key(export_id, capability), Body=whole.getvalue()
    )


def opened(export_id: str, capability: str) -> zipfile.ZipFile:
    """The part that a capability handed over."""
    where = os.environ["EXPORT_BUCKET"], key(export_id, capability)
    found = aws.s3().get_object(Bucket=where[0], Key=where[1])
    return zipfile.ZipFile(io.BytesIO(found["Body"].read()))


def add(archive: zipfile.ZipFile, name: str, body: bytes) -> None:
    entry = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, body)


def key(export_id: str, capability: str) -> str:
    """Where a capability's part lies; each may write its own only."""
    return f"parts/{capability}/{export_id}.zip"


def _take(archive: zipfile.ZipFile, files: Iterable[File]) -> list[str]:
    """Add *files* until it is enough; the names of those that were too much."""
    left_out, taken, size = [], 0, 0
    for file in files:
        if taken == MOST_FILES or size >= MOST_BYTES:
            left_out.append(file.name)
            continue
        body = file.read()
        add(archive, file.name, body)
        taken, size = taken + 1, size + len(body)
    return left_out


def _json(told: list[Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _report(cause: ExportRequested, event: type[ExportPart]) -> ExportPart:
    return event(
        id=ids.derived(cause.id, event.name),
        occurred_at=clock.now(),
        customer_id=cause.customer_id,
        export_id=cause.export_id,
    )
