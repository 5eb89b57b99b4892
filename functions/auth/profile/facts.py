"""The events that tell of a changed profile. Pure."""

from datetime import date, datetime, timedelta

from auth.consents.consent import Consent, Purpose
from auth.profile.profile import INNER, SPOKEN, Profile, differing
from auth.profile.segments import SegmentFacts, facts_of
from common import ids
from common.events import Event
from common.events.auth import (
    BirthdayReached,
    ConsentChanged,
    ContactChanged,
    ProfileChanged,
    SegmentFactsChanged,
)


def facts(before: Profile, after: Profile, at: datetime) -> list[Event]:
    """What to tell of the change: how to speak to the customer, which fields are new, and what
    segments may know now."""
    fields = differing(before, after).keys() - INNER
    told: list[Event] = []
    if SPOKEN & fields:
        points = {name: getattr(after, name) for name in ("email", "phone", "language")}
        points |= _known(ContactChanged, after, at) | {"time_zone": after.time_zone}
        told.append(ContactChanged.model_validate(points))
    if others := sorted(fields - SPOKEN):
        known = _known(ProfileChanged, after, at)
        told.append(ProfileChanged.model_validate(known | {"fields": others}))
    today = at.astimezone(after.zone).date()
    return told + _segments(facts_of(before, today), facts_of(after, today), after, at)


def birthday_facts(before: Profile, after: Profile, day: date, at: datetime) -> list[Event]:
    """What to tell of a birthday on *day*: that it is reached, and the age band that begins."""
    reached = BirthdayReached(
        id=ids.derived(after.id, f"{BirthdayReached.name}#{day}"),
        occurred_at=at,
        customer_id=after.id,
        day=day.isoformat(),
    )
    eve = day - timedelta(days=1)
    return [reached, *_segments(facts_of(before, eve), facts_of(after, day), after, at)]


def consent_changed(after: Profile, purpose: Purpose, decision: Consent) -> ConsentChanged:
    known = _known(ConsentChanged, after, decision.at)
    said = {"purpose": purpose, "given": decision.given, "text_version": decision.text_version}
    return ConsentChanged.model_validate(known | said)


def _segments(before: SegmentFacts, now: SegmentFacts, after: Profile, at: datetime) -> list[Event]:
    if now == before:
        return []
    known = _known(SegmentFactsChanged, after, at)
    facts = {name: getattr(now, name) for name in SegmentFacts.__slots__}
    return [SegmentFactsChanged.model_validate(known | facts)]


def _known(kind: type[Event], after: Profile, at: datetime) -> dict[str, object]:
    """What every event of the profile carries; the version makes the id this change's own."""
    return {
        "id": ids.derived(after.id, f"{kind.name}#{after.version}"),
        "occurred_at": at,
        "subject_version": after.version,
        "customer_id": after.id,
    }
