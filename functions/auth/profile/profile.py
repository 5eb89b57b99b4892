"""The profile: what a customer tells of themselves, and how their contacts stand. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from auth.consents.consent import Consent, ConsentNeeded, Purpose
from auth.profile import birthday
from common.language import Language

# What other capabilities keep a copy of, to reach the customer and speak to them.
SPOKEN = {"email", "phone", "language", "time_zone"}
# What the customer is neither shown nor asked.
INNER = {"version", "greeting_due", "greeted_on", "consents"}


class Need(StrEnum):
    """What a customer may say they shop for, by their consent only."""

    GIFTS = "gifts"
    CHILDREN = "children"
    PETS = "pets"
    HOME = "home"
    HOBBY = "hobby"
    WELL_BEING = "well_being"


@dataclass(frozen=True, slots=True)
class Profile:
    """One customer. Either contact may be missing; every change raises the version.

    `greeting_due` is when to congratulate them next, `greeted_on` the last birthday on which
    that was done. `needs` are kept only while the consent to segments is given. `picture` names the
    one that is shown (`auth.avatar`), `provider_picture` is the address of one that may be taken.
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
    needs: tuple[Need, ...] = ()
    consents: Mapping[Purpose, Consent] = field(default_factory=dict)
    greeting_due: datetime | None = None
    greeted_on: date | None = None
    picture: str | None = None
    provider_picture: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def lets_segment(self) -> bool:
        held = self.consents.get(Purpose.SEGMENTS)
        return held is not None and held.given


def changed(before: Profile, wanted: Mapping[str, Any], at: datetime) -> Profile:
    """*before* with *wanted* in it. Invalid for a birthday that cannot be, ConsentNeeded for needs
    that may not be kept.

    The version stays where nothing is another than it was.
    """
    after = replace(before, **wanted)
    if after == before:
        return before
    if after.birthday:
        birthday.require_plausible(after.birthday, at.astimezone(after.zone).date())
    if after.needs and not after.lets_segment:
        raise ConsentNeeded(purpose=Purpose.SEGMENTS)
    if {"birthday", "time_zone"} & differing(before, after).keys():
        after = _awaited(after, at)
    return replace(after, version=before.version + 1)


def consenting(before: Profile, purpose: Purpose, decision: Consent) -> Profile:
    """*before* once the customer has decided so; the same where they had decided no otherwise.

    A withdrawal forgets what only the consent let keep.
    """
    held = before.consents.get(purpose)
    if held and (held.given, held.text_version) == (decision.given, decision.text_version):
        return before
    consents = {**before.consents, purpose: decision}
    after = replace(before, consents=consents, version=before.version + 1)
    return after if after.lets_segment else replace(after, needs=())


def greeted(before: Profile, due: datetime, at: datetime) -> tuple[Profile, date]:
    """*before* once congratulated on the birthday that was *due*, and that day.

    It is another version: somebody a year older may be in another band of age.
    """
    day = due.astimezone(before.zone).date()
    older = replace(before, greeted_on=day, version=before.version + 1)
    return _awaited(older, at), day


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
