"""Insights' table: counters by day, and which events they hold already. No personal data.

pk                  sk                  what
COUNTS              <day>#<shard 0-3>   a share of the day's counters; their sum is the day's
EFFECT#<event id>   EFFECT              this event is counted; never expires
"""

import zlib
from datetime import date

from common import table
from common.conditions import Condition
from insights.counts import Counts, Period

SHARDS = 4
KEYS = {"pk", "sk"}


def count(event_id: str, day: date, counts: Counts) -> bool:
    """Add *counts* to *day*. Return False when this event was counted before."""
    shard = zlib.crc32(event_id.encode()) % SHARDS
    try:
        table.commit(
            table.put({"pk": f"EFFECT#{event_id}", "sk": "EFFECT"}),
            table.update("COUNTS", f"{day}#{shard}", add=dict(counts.items()), condition=None),
        )
    except table.ConditionFailed:
        return False
    return True


def days(period: Period) -> dict[date, Counts]:
    """The counters of every day in *period* on which something happened, in one query."""
    found: dict[date, dict[str, int]] = {}
    for row in table.query_all("COUNTS", _within(period)):
        counted = found.setdefault(date.fromisoformat(row["sk"].split("#")[0]), {})
        for name in row.keys() - KEYS:
            counted[name] = counted.get(name, 0) + row[name]
    return dict(found)


def _within(period: Period) -> Condition:
    return table.sort_key().between(f"{period.first}#", f"{period.last}#~")
