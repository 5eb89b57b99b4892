"""Types of request fields that bookings' routes share, and the words for what is wrong with one."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from common import fields
from common.fields import Day
from common.language import Text

ISO_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
)
# Of no other year anything is booked, and every clock can tell their moments.
YEARS = range(2000, 3000)
BOOKABLE = r"^[a-z0-9-]{2,40}$"
OPENS_AT = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
CLOSES_AT = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"

fields.REASONS["no_such_zone"] = Text(
    ru="Такого часового пояса нет.", en="There is no such time zone."
)
fields.REASONS["no_such_moment"] = Text(
    ru="Такого времени нет: нужно, например, 2026-12-01T12:00:00+03:00.",
    en="There is no such time: one is written as 2026-12-01T12:00:00+03:00.",
)
fields.REASONS["hours_reversed"] = Text(
    ru="Закрытие раньше открытия.", en="It closes before it opens."
)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as unknown:
        raise PydanticCustomError("no_such_zone", "unknown time zone") from unknown


def _moment(value: Any) -> datetime:
    """pydantic alone would read "0" as a number of seconds."""
    text = value if isinstance(value, str) and ISO_MOMENT.fullmatch(value) else ""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as malformed:
        raise PydanticCustomError("no_such_moment", "not a moment") from malformed


def _near(day: date) -> date:
    if day.year not in YEARS:
        raise PydanticCustomError("no_such_day", "not a day of this millennium")
    return day


BookableId = Annotated[str, StringConstraints(pattern=BOOKABLE)]
BookableInPath = Annotated[str, Path(pattern=BOOKABLE)]
Zone = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{1,63}$"), AfterValidator(_zone)
]
Start = Annotated[
    datetime, BeforeValidator(_moment), Field(description="A slot's `start`, in any offset")
]
NearDay = Annotated[Day, AfterValidator(_near)]
OrderId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Minutes = Annotated[int, Field(strict=True, ge=10, le=12 * 60)]
Capacity = Annotated[int, Field(strict=True, ge=1, le=100)]
DaysAhead = Annotated[int, Field(strict=True, ge=1, le=366)]
HoursBefore = Annotated[int, Field(strict=True, ge=0, le=14 * 24)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7, description="Monday is 1")]
OpensAt = Annotated[str, StringConstraints(pattern=OPENS_AT)]
ClosesAt = Annotated[str, StringConstraints(pattern=CLOSES_AT)]
