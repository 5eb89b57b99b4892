"""Imports in DynamoDB.

pk           sk                     what
IMPORT#<id>  IMPORT                 a job: whose, of which format, how far it got, what came of it
IMPORT#<id>  REJECTED#<part>#<row>  the rejected rows of the step that began there

A step is one transaction: its products, their events, the place, and what was rejected. So none is
made twice, whoever repeats it. All of it goes after thirty days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from common import clock, outbox, table
from common.conditions import as_read
from common.events import Event
from common.expressions import Path
from orders.catalogue.imports.job import KEPT, Format, Job, Outcome, State
from orders.catalogue.imports.row import Fault, Rejected

SK, REJECTED = "IMPORT", "REJECTED#"


class Overtaken(Exception):
    """The job is not as it was read: another delivery goes on with it, or it was cancelled."""


def begin(job: Job) -> None:
    known = {"format": job.format.value, "dry_run": job.dry_run, "staff_id": job.staff_id}
    begun = {"begun_at": job.begun_at.isoformat(), "expires_at": _expires_at(job)}
    row = {"pk": _pk(job.id), "sk": SK, "id": job.id, **known, **begun}
    table.commit(table.put(row | {str(name): value for name, value in _moving(job).items()}))


def find(job_id: str) -> Job | None:
    row = table.get(_pk(job_id), SK)
    live = row and row["expires_at"] > clock.now().timestamp()
    return _job(row) if row and live else None


def changed(after: Job, *events: Event) -> list[table.Write]:
    """The writes of a change, refused unless the job is as *after* was made of."""
    return [_change(after), *map(outbox.row, events)]


def change(after: Job, *events: Event) -> None:
    """ConditionFailed unless the job is as *after* was made of."""
    table.commit(*changed(after, *events))


def step(
    before: Job,
    after: Job,
    rejected: Sequence[Rejected],
    events: Sequence[Event],
    products: Sequence[table.Write],
) -> None:
    """Move the job on together with the writes of its *products*.

    Overtaken where somebody else moved it; ConditionFailed where a product is not as it was read.
    """
    beside = [_rejected(before, rejected)] if rejected else []
    try:
        table.commit(*changed(after, *events), *beside, *products)
    except table.ConditionFailed as refused:
        if 0 in refused.found:
            raise Overtaken from refused
        raise


def rejected(job_id: str) -> Iterator[Rejected]:
    """All rows that were rejected, in the order of the file."""
    for row in table.query_all(_pk(job_id), table.sort_key().begins_with(REJECTED)):
        for one in row["rows"]:
            yield Rejected(one["number"], one["sku"], Fault(one["field"], one["code"]))


def _rejected(before: Job, rows: Sequence[Rejected]) -> table.Write:
    told = [{"number": one.number, "sku": one.sku, **asdict(one.fault)} for one in rows]
    sk = f"{REJECTED}{before.part:05}#{before.row:05}"
    row = {"pk": _pk(before.id), "sk": sk, "rows": told, "expires_at": _expires_at(before)}
    return table.put(row)


def _change(after: Job) -> table.Write:
    as_it_was = as_read(after.version - 1)
    return table.update(_pk(after.id), SK, assign=_moving(after), condition=as_it_was)


def _moving(job: Job) -> dict[Path, Any]:
    """What changes of a job."""
    return {
        "state": job.state.value,
        "version": job.version,
        "rows": job.rows,
        "parts": job.parts,
        "part": job.part,
        "row": job.row,
        "counts": {outcome.value: count for outcome, count in job.counts.items()},
        "failure": job.failure,
    }


def _job(row: table.Item) -> Job:
    return Job(
        id=row["id"],
        staff_id=row["staff_id"],
        format=Format(row["format"]),
        dry_run=row["dry_run"],
        begun_at=datetime.fromisoformat(row["begun_at"]),
        state=State(row["state"]),
        version=row["version"],
        rows=row["rows"],
        parts=row["parts"],
        part=row["part"],
        row=row["row"],
        counts={Outcome(name): count for name, count in row["counts"].items()},
        failure=row["failure"],
    )


def _expires_at(job: Job) -> int:
    return int((job.begun_at + KEPT).timestamp())


def _pk(job_id: str) -> str:
    return f"IMPORT#{job_id}"
