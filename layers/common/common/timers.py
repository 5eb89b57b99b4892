"""Timers: what is to happen at a moment, found by its due time and never by a scan.

pk                    sk            what
TIMER#<shard 0-15>    <due>#<id>    one timer: its kind and the ids it needs

A timer is written in the transaction of the state that needs it, and removed in the
transaction of what it does, so it fires once; what an outage missed is caught up. One that
finds its reason gone does nothing; one that came too early arms itself again. Those that ask
another service come after all others, so its silence holds up none of those.
"""

import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from common import clock, table
from common.errors import Busy, Silent
from common.logs import count, fault, kind_and_place, logger

SHARDS = 16
# A timer still there after so many sweeps did not fire when it should have.
OVERDUE_AFTER = timedelta(minutes=5)
# Later in a sweep no other service is asked: waiting for it in vain would outlast the function.
ASKED_WITHIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Timer:
    """At *due*, do what *kind* says to the thing named by *subject*."""

    kind: str
    id: str
    due: datetime
    subject: dict[str, str]


type Fire = Callable[[Timer, datetime], Sequence[table.Write]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Marks a Fire that asks another service, and may raise Silent."""

    fire: Fire

    def __call__(self, timer: Timer, now: datetime) -> Sequence[table.Write]:
        return self.fire(timer, now)


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
    now, overdue, asking = clock.now(), 0, list[Timer]()
    # "$" follows "#": a timer due at this very moment counts.
    past = table.sort_key().lt(_moment(now) + "$")
    for shard in range(SHARDS):
        for timer in map(_timer, table.query_all(f"TIMER#{shard}", past)):
            overdue += timer.due < now - OVERDUE_AFTER
            if isinstance(due.get(timer.kind), Asking):
                asking.append(timer)
            else:
                _fire(timer, due, now)
    count("TimersOverdue", overdue)
    _ask(asking, due, now)


def _ask(asking: Sequence[Timer], due: Mapping[str, Fire], now: datetime) -> None:
    """Fire those that ask until one is not answered: the others would wait in vain as well. Each
    minute begins with another, so one that is never answered does not keep others from asking."""
    left = deque(asking)
    left.rotate(-(int(now.timestamp()) // 60))
    while left and clock.now() < now + ASKED_WITHIN and _fire(left[0], due, now):
        left.popleft()
    if left:
        kinds = sorted({timer.kind for timer in left})
        logger.warning("timers left", left=len(left), kinds=kinds)


def _fire(timer: Timer, due: Mapping[str, Fire], now: datetime) -> bool:
    """One that fails stays for the next minute and holds up no other. False where it asked and
    was not answered."""
    known: dict[str, Any] = {"kind": timer.kind, "timer_id": timer.id}
    try:
        table.commit(disarm(timer), *due[timer.kind](timer, now))
    except (table.ConditionFailed, Busy) as lost:
        # Another sweep fired it, or its subject changed meanwhile: the next minute looks again.
        logger.info("timer lost", **known, error=type(lost).__name__)
    except Silent as silence:
        logger.warning("timer not answered", **known, **kind_and_place(silence))
        return False
    except Exception as failure:
        fault("timer failed", failure, **known)
    else:
        logger.info("timer fired", **known)
    return True


def _key(timer: Timer) -> tuple[str, str]:
    shard = zlib.crc32(timer.id.encode()) % SHARDS
    return f"TIMER#{shard}", f"{_moment(timer.due)}#{timer.id}"


def _moment(at: datetime) -> str:
    """To the microsecond: one that fires early in its second would arm itself at its own place."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _timer(row: dict[str, Any]) -> Timer:
    due = datetime.fromisoformat(row["sk"].split("#", 1)[0])
    return Timer(row["kind"], row["id"], due, row["subject"])
