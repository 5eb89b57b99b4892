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


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer. Either contact may be missing; every change raises the version."""

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
    return replace(after, version=before.version + 1)


def differing(before: Profile, after: Profile) -> dict[str, Any]:
    """The fields that *after* has otherwise, with their new values, but for the version."""
    return {
        name: getattr(after, name)
        for name in Profile.__slots__
        if name != "version" and getattr(after, name) != getattr(before, name)
    }
