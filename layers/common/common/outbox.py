"""Events on their way to the bus, written in the transaction of the state they tell of.

pk                    sk           what
OUTBOX#<shard 0-15>   <event id>   one event; the relay deletes it once the bus has it
"""

import zlib

from common import table
from common.events import LARGEST_BYTES, Event

SHARDS = 16


def row(event: Event) -> table.Write:
    """The write that queues *event*, to be committed together with what makes it true.

    Raise ValueError for an event too large for the bus: better no state than no event.
    """
    detail = event.model_dump_json()
    if len(detail.encode()) > LARGEST_BYTES:
        raise ValueError(f"{event.name} is too large")
    return table.put(
        {
            "pk": partition(zlib.crc32(event.id.encode()) % SHARDS),
            "sk": event.id,
            "name": event.name,
            "occurred_at": event.occurred_at.isoformat(),
            "detail": detail,
        },
        condition=None,
    )


def partition(shard: int) -> str:
    return f"OUTBOX#{shard}"
