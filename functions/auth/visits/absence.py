"""Absence: how long a customer has not been here, and when that is worth telling. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Absence:
    """What has been told of an absence: the *days* reached since the visit at *since*."""

    since: datetime
    days: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at a customer finds: the absence as it is now, `told` the days to tell of, and
    when to look again; `again` is None once all has been told and nobody may still come back
    without signing in."""

    absence: Absence
    told: int | None
    again: datetime | None


def look(
    known: Absence | None,
    last_visit: datetime,
    stages: Sequence[int],
    now: datetime,
    may_return_unseen: bool,
) -> Finding:
    """Hold *last_visit* against *stages*, the days of absence to tell of, in rising order.

    Of several stages that passed unseen only the last is told.
    """
    told = known.days if known and known.since == last_visit else 0
    idle = (now - last_visit).days
    reached = max((stage for stage in stages if told < stage <= idle), default=None)
    days = reached or told
    absence = Absence(last_visit, days)
    coming = next((stage for stage in stages if stage > days), None)
    if coming is not None:
        return Finding(absence, reached, last_visit + timedelta(days=coming))
    again = now + timedelta(days=stages[0]) if may_return_unseen else None
    return Finding(absence, reached, again)


def stages(text: str) -> list[int]:
    """The days of absence to tell of, from the parameter's text such as "30,60,90"."""
    return sorted({int(days) for days in text.split(",")})
