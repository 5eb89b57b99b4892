"""The profile: what a customer tells of themselves, and how their contacts stand. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from auth.profile import birthday
from common.language import Language

# What other capabilities keep a copy of, to speak to the customer.
SPOKEN = {"language", "time_zone"}
# What the customer is neither shown nor asked.
INNER = {"version", "greeting_due", "greeted_on"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer. Either contact may be missing; every change of theirs raises the version.

    `greeting_due` is when to congratulate them next, `greeted_on` the last birthday on which
    that was done.
    """

    id: str
    registered_at: datetime
    version: int
    language: Language
    time_zone: str
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    birthday: date | None = None
    interests: tuple[str, ...] = ()
    greeting_due: datetime | None = None
    greeted_on: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def changed(before: Profile, wanted: Mapping[str, Any], at: datetime) -> Profile:
    """*before* with *wanted* in it. Invalid for a birthday that cannot be.

    The version stays where nothing is another than it was.
    """
    after = replace(before, **wanted)
    if after == before:
        return before
    if after.birthday:
        birthday.require_plausible(after.birthday, at.astimezone(after.zone).date())
    if {"birthday", "time_zone"} & differing(before, after).keys():
        after = _awaited(after, at)
    return replace(after, version=before.version + 1)


def greeted(before: Profile, due: datetime, at: datetime) -> tuple[Profile, date]:
    """*before* once congratulated on the birthday that was *due*, and that day."""
    day = due.astimezone(before.zone).date()
    return _awaited(replace(before, greeted_on=day), at), day


def differing(before: Profile, after: Profile) -> dict[str, Any]:
    """The fields that *after* has otherwise, with their new values, but for the version."""
    return {
        name: getattr(after, name)
        for name in Profile.__slots__
        if name != "version" and getattr(after, name) != getattr(before, name)
    }


def _awaited(profile: Profile, at: datetime) -> Profile:
    born = profile.birthday
    due = birthday.next_greeting(born, profile.zone, profile.greeted_on, at) if born else None
    return replace(profile, greeting_due=due)
