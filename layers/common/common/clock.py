"""The only source of time.

Where CLOCK_TABLE is set (tests and the local stack, never production) the time is moved by
the row CLOCK / CLOCK, so that everything that waits for a moment can be seen to happen.
"""

import os
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from common import table


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset()


def today() -> date:
    """The present day in the shop's legal time zone (SHOP_TIME_ZONE)."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day in which *moment* falls in the shop's legal time zone."""
    return moment.astimezone(shop_zone()).date()


def begins(day: date, zone: tzinfo) -> datetime:
    """The moment with which *day* begins in *zone*."""
    return datetime.combine(day, time(), zone)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The moments with which *day*, and the one after it, begin in the shop's legal time zone."""
    zone = shop_zone()
    return begins(day, zone), begins(day + timedelta(days=1), zone)


def shop_zone() -> ZoneInfo:
    return ZoneInfo(os.environ["SHOP_TIME_ZONE"])


def _offset() -> timedelta:
    if not os.environ.get("CLOCK_TABLE"):
        return timedelta()
    row = table.get("CLOCK", "CLOCK", table="CLOCK_TABLE", consistent=False)
    return timedelta(seconds=row["offset_seconds"] if row else 0)
