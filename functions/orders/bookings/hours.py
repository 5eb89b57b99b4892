"""Opening hours by a place's own clock, and the slots that they hold. Pure.

Slots stand on a grid: one begins every so many minutes from midnight, and is offered where an
opening holds all of it. So two slots never overlap, however the openings change. A slot is offered
only where the clock runs through it evenly: none begins at a time that the clocks leap over, none
is longer or shorter than it says, and of an hour that comes twice the first is meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Opening:
    """On that day of the week (Monday is 1) it is open from *begins* to *ends*, as `09:30` and at
    the latest `24:00`."""

    weekday: int
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked, in UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Slot") -> bool:
        return self.start < other.end and other.start < self.end


def slots(day: date, openings: Sequence[Opening], minutes: int, zone: ZoneInfo) -> Iterator[Slot]:
    """The slots that begin on *day*, in their order."""
    for begin in range(0, MINUTES_A_DAY - minutes + 1, minutes):
        if any(_holds(opening, day, begin, begin + minutes) for opening in openings):
            start, end = _moment(day, begin, zone), _moment(day, begin + minutes, zone)
            if start and end and end - start == timedelta(minutes=minutes):
                yield Slot(start, end)


def _holds(opening: Opening, day: date, begin: int, end: int) -> bool:
    if opening.weekday != day.isoweekday():
        return False
    return _minutes(opening.begins) <= begin and end <= _minutes(opening.ends)


def _minutes(clock: str) -> int:
    """How many minutes after midnight the clock shows `09:30`."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime | None:
    """The moment in which the clock shows so many minutes after midnight; None if it never does."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == shown else None
