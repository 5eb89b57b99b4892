"""The events that tell of a changed profile. Pure."""

from datetime import datetime

from auth.profile.profile import SPOKEN, Profile, differing
from common import ids
from common.events import Event
from common.events.auth import ContactChanged, ProfileChanged


def facts(before: Profile, after: Profile, at: datetime) -> list[Event]:
    """What to tell of the change: how to speak to the customer, and which fields are new."""
    fields = differing(before, after).keys()
    known = {
        "occurred_at": at,
        "subject_version": after.version,
        "customer_id": after.id,
    }
    told: list[Event] = []
    if SPOKEN & fields:
        points = {name: getattr(after, name) for name in ("email", "phone", "language")}
        points |= {"id": _id(ContactChanged, after), "time_zone": after.time_zone}
        told.append(ContactChanged.model_validate(known | points))
    if others := sorted(fields - SPOKEN):
        told.append(ProfileChanged(id=_id(ProfileChanged, after), fields=tuple(others), **known))
    return told


def _id(kind: type[Event], after: Profile) -> str:
    """The version makes the id this change's own."""
    return ids.derived(after.id, f"{kind.name}#{after.version}")
