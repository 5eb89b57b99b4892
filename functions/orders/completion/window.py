"""Until when goods can be given back. Pure."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from common import clock


def last_day(delivered_on: date, days: int) -> date:
    """The last of the shop's days on which what came on *delivered_on* can be given back."""
    return delivered_on + timedelta(days=days)


def is_over(delivered_on: date, days: int, zone: tzinfo) -> datetime:
    """The first moment after the last day."""
    after = last_day(delivered_on, days) + timedelta(days=1)
    return clock.begins(after, zone).astimezone(UTC)
