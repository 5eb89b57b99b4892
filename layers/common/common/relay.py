"""Carry events from the outbox to the bus, at least once.

From the table's stream as they are written; and each minute whatever still lies there after
two minutes, so that neither a poison record nor a day's outage loses an event. A row goes
only when the bus has accepted its event.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import aws, clock, ids, outbox, table
from common.expressions import load
from common.logs import count, logger

# EventBridge takes ten entries a call and 1 MB together; an event is at most 64 KB.
ENTRIES_A_CALL = 10
SWEPT_AFTER = timedelta(minutes=2)
# The sweep stops with this much of the function's time left; the next minute goes on.
SPARE_MILLISECONDS = 5_000


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Entry of the table's stream and of the minute's sweep."""
    if "Records" in event:
        return _relay_stream(event["Records"])
    _sweep(context)
    return {}


def _relay_stream(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Publish what was written; name the first record that failed, from which to go on."""
    rows = [load(record["dynamodb"]["NewImage"]) for record in records]
    refused = set(_publish(rows))
    failed = [
        record["dynamodb"]["SequenceNumber"]
        for record, row in zip(records, rows, strict=True)
        if row["sk"] in refused
    ]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _sweep(context: LambdaContext) -> None:
    """Publish what the stream did not get through; two metrics tell how much lay and went.

    The first is told each minute, so its silence says that nothing sweeps.
    """
    overdue = swept = 0
    try:
        for batch in batched(_stale_rows(), ENTRIES_A_CALL, strict=False):
            overdue += len(batch)
            swept += len(batch) - len(list(_publish(batch)))
            if context.get_remaining_time_in_millis() < SPARE_MILLISECONDS:
                break
    finally:
        count("OutboxOverdue", overdue)
    if swept:
        logger.info("outbox swept", rows=swept)
        count("OutboxSwept", swept)


def _stale_rows() -> Iterator[table.Item]:
    stale = table.sort_key().lt(ids.first_at(clock.now() - SWEPT_AFTER))
    for shard in range(outbox.SHARDS):
        yield from table.query_all(outbox.partition(shard), stale)


def _publish(rows: Iterable[table.Item]) -> Iterator[str]:
    """Publish *rows* and delete each that the bus accepted; yield the ids of the others."""
    for batch in batched(rows, ENTRIES_A_CALL, strict=False):
        answer = aws.events().put_events(Entries=[_entry(row) for row in batch])
        for row, result in zip(batch, answer["Entries"], strict=True):
            if "ErrorCode" in result:
                logger.warning("bus refused", event_id=row["sk"], code=result["ErrorCode"])
                yield row["sk"]
            else:
                table.apply(table.delete(row["pk"], row["sk"], condition=None))


def _entry(row: table.Item) -> Any:
    return {
        "EventBusName": os.environ["BUS_NAME"],
        "Source": row["name"].split(".", 1)[0],
        "DetailType": row["name"],
        "Detail": row["detail"],
        "Time": datetime.fromisoformat(row["occurred_at"]),
    }
