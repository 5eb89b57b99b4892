"""Quiet hours: when marketing waits for the morning, by its reader's clock. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From the hour *start* until the hour *end*, over midnight where start is the later one.

    The same hour twice is no quiet at all.
    """

    start: int
    end: int

    def until(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """The moment in which quiet ends, or None where *at* is not quiet."""
        local = at.astimezone(zone)
        if not self._covers(local.hour):
            return None
        day = local.date() + timedelta(days=local.hour >= self.end)
        return datetime.combine(day, time(self.end), zone).astimezone(UTC)

    def _covers(self, hour: int) -> bool:
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end


def parse(text: str) -> QuietHours:
    """`21-9` as hours."""
    start, _, end = text.partition("-")
    return QuietHours(int(start), int(end))
