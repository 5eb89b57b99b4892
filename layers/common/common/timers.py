"""Timers: what is to happen at a moment, found by its due time and never by a scan.

pk                    sk            what
TIMER#<shard 0-15>    <due>#<id>    one timer: its kind and the ids it needs

A timer is written in the transaction of the state that needs it, and removed in the
transaction of what it does, so it fires once; what an outage missed is caught up. One that
finds its reason gone does nothing; one that came too early arms itself again.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from common import clock, table
from common.errors import Busy
from common.logs import count, fault, logger

SHARDS = 16
# A timer still there after so many sweeps did not fire when it should have.
OVERDUE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Timer:
    """At *due*, do what *kind* says to the thing named by *subject*."""

    kind: str
    id: str
    due: datetime
    subject: dict[str, str]


type Fire = Callable[[Timer, datetime], Sequence[table.Write]]


def arm(timer: Timer) -> table.Write:
    pk, sk = _key(timer)
    return table.put(
        {"pk": pk, "sk": sk, "kind": timer.kind, "id": timer.id, "subject": timer.subject}
    )


def disarm(timer: Timer) -> table.Write:
    return table.delete(*_key(timer))


def forget(timer: Timer) -> table.Write:
    """As `disarm`, whether or not the timer has fired meanwhile."""
    return table.delete(*_key(timer), condition=None)


def sweep(due: Mapping[str, Fire]) -> None:
    """Fire every timer that is due: the writes it asks for and its removal, all or nothing.

    A metric tells how many were late; it is told each minute, so its silence says that nothing
    sweeps.
    """
    now, overdue = clock.now(), 0
    # "$" follows "#": a timer due at this very moment counts.
    past = table.sort_key().lt(_moment(now) + "$")
    for shard in range(SHARDS):
        for timer in map(_timer, table.query_all(f"TIMER#{shard}", past)):
            overdue += timer.due < now - OVERDUE_AFTER
            _fire(timer, due, now)
    count("TimersOverdue", overdue)


def _fire(timer: Timer, due: Mapping[str, Fire], now: datetime) -> None:
    """One that fails stays for the next minute and holds up no other."""
    try:
        table.commit(disarm(timer), *due[timer.kind](timer, now))
    except (table.ConditionFailed, Busy) as lost:
        # Another sweep fired it, or its subject changed meanwhile: the next minute looks again.
        logger.info("timer lost", kind=timer.kind, timer_id=timer.id, error=type(lost).__name__)
    except Exception as failure:
        fault("timer failed", failure, kind=timer.kind, timer_id=timer.id)
    else:
        logger.info("timer fired", kind=timer.kind, timer_id=timer.id)


def _key(timer: Timer) -> tuple[str, str]:
    shard = zlib.crc32(timer.id.encode()) % SHARDS
    return f"TIMER#{shard}", f"{_moment(timer.due)}#{timer.id}"


def _moment(at: datetime) -> str:
    """To the microsecond: one that fires early in its second would arm itself at its own place."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _timer(row: dict[str, Any]) -> Timer:
    due = datetime.fromisoformat(row["sk"].split("#", 1)[0])
    return Timer(row["kind"], row["id"], due, row["subject"])
