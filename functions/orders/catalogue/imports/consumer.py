"""How an import goes on: its file is read into parts, and part after part is written.

Each event is one bounded piece of work, and asks for the next one in the transaction that ends it.
"""

import os
from collections.abc import Sequence
from functools import partial
from itertools import batched
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, ids, table
from common.events import Currency, Event
from common.events.imports import ImportAdvanced, ImportStarted
from orders.catalogue import facts, picture_store
from orders.catalogue import store as products
from orders.catalogue.categories import store as tree
from orders.catalogue.imports import file_store, judgement, reading, report, store
from orders.catalogue.imports.job import PART_ROWS, STEP_ROWS, Job, Outcome, State, Unreadable
from orders.catalogue.imports.judgement import Shop
from orders.catalogue.imports.row import Row
from orders.catalogue.product import Product


def read(cause: ImportStarted) -> None:
    """Bring the file into parts of one form; or say why nobody can."""
    job = store.find(cause.import_id)
    if job is None or job.state is not State.READING:
        return
    try:
        parts, rows = _split(job)
    except Unreadable as refused:
        store.change(job.failed(str(refused)))
        return
    after = job.read(parts, rows)
    store.change(after, _advanced(after))


def write(cause: ImportAdvanced) -> None:
    """Write the part that is next, step by step, from where an earlier delivery broke off."""
    job = store.find(cause.import_id)
    if job is None or not job.awaits(cause.part):
        return
    if not job.is_written:
        job = _written(job, file_store.part(job, cause.part), _shop())
    if job.is_written:
        _finish(job)


def _split(job: Job) -> tuple[int, int]:
    """How many parts the file makes, and how many rows it has. Unreadable."""
    parts, count = 0, 0
    rows = reading.rows(job.format, file_store.uploaded(job))
    for batch in batched(rows, PART_ROWS, strict=False):
        file_store.put_part(job, parts, batch)
        parts, count = parts + 1, count + len(batch)
    return parts, count


def _written(job: Job, rows: Sequence[Row], shop: Shop) -> Job:
    """The job once all *rows* of its present part are written."""
    part = job.part
    while job.part == part:
        job = table.retried(partial(_step, job, rows, shop))
    return job


def _step(job: Job, rows: Sequence[Row], shop: Shop) -> Job:
    batch = rows[job.row : job.row + STEP_ROWS]
    skus = [row.sku for row in batch if row.sku and not row.fault]
    known = products.find_all(skus)
    verdicts = [judgement.verdict(row, known.get(row.sku), shop) for row in batch]
    end = job.row + STEP_ROWS
    after = job.moved([one.outcome for one in verdicts], end, last=end >= len(rows))
    rejected = [one.rejected for one in verdicts if one.rejected]
    made = [] if job.dry_run else [one.product for one in verdicts if one.product]
    writes = [write for product in made for write in _saved(known.get(product.sku), product)]
    store.step(job, after, rejected, _asking(job, after), writes)
    return after


def _saved(old: Product | None, new: Product) -> list[table.Write]:
    now = clock.now()
    currency = cast(Currency, os.environ["CURRENCY"])
    return products.saved(new, facts.told(old, new, ids.new(now), currency, now))


def _asking(before: Job, after: Job) -> list[Event]:
    """After a part's last step the next part is asked for, if there is one."""
    return [_advanced(after)] if after.part > before.part and not after.is_written else []


def _finish(job: Job) -> None:
    if job.counts.get(Outcome.REJECTED):
        file_store.put_report(job, report.written(store.rejected(job.id)))
    store.change(job.done())


def _shop() -> Shop:
    return Shop(
        currency=os.environ["CURRENCY"],
        hosts=picture_store.hosts(),
        categories=judgement.categories(tree.find()),
        day=clock.today(),
        now=int(clock.now().timestamp()),
    )


def _advanced(after: Job) -> ImportAdvanced:
    return ImportAdvanced(
        id=ids.derived(after.id, f"{ImportAdvanced.name}:{after.part}"),
        occurred_at=clock.now(),
        subject_version=after.version,
        import_id=after.id,
        part=after.part,
    )


REACTIONS: consumer.Reactions = {ImportStarted: read, ImportAdvanced: write}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
