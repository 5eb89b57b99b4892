"""Profiles in DynamoDB.

pk             sk       what
CUSTOMER#<id>  PROFILE  language, time zone, contacts, name, birthday, interests, consents and
                        what they let keep; its version guards every change

Whose birthday is known is awaited by one timer, which `greeting_due` names. It is moved with the
birthday and the time zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from auth.consents.consent import Consent, Purpose
from auth.profile.profile import Need, Profile, differing
from common import ids, outbox, table, timers
from common.conditions import Attr
from common.errors import NotFound
from common.events import Event
from common.expressions import Path
from common.language import Language

SK = "PROFILE"
GREETING = "birthday"


def find(customer_id: str) -> Profile:
    """NotFound for somebody who is no customer, or no longer."""
    profile = peek(customer_id)
    if profile is None:
        raise NotFound
    return profile


def peek(customer_id: str) -> Profile | None:
    row = table.get(_pk(customer_id), SK)
    return parse(row) if row else None


def save(
    before: Profile, after: Profile, *events: Event, beside: Sequence[table.Write] = ()
) -> None:
    """Write what *after* has otherwise and *beside*, move its timer, and queue *events*.

    ConditionFailed unless the profile is still as it was *before*.
    """
    moved = before.greeting_due != after.greeting_due
    former = [timers.disarm(timer) for timer in awaiting(before) if moved]
    coming = [timers.arm(timer) for timer in awaiting(after) if moved]
    table.commit(change(before, after), *beside, *former, *coming, *map(outbox.row, events))


def greet(before: Profile, after: Profile, *events: Event) -> list[table.Write]:
    """The writes that congratulate the customer, once for the birthday that is due."""
    return [change(before, after), *map(timers.arm, awaiting(after)), *map(outbox.row, events)]


def change(before: Profile, after: Profile) -> table.Write:
    """The write of what *after* has otherwise; refused unless the profile is still *before*."""
    plain = {name: _plain(value) for name, value in differing(before, after).items()}
    kept: Mapping[Path, Any] = {name: value for name, value in plain.items() if value is not None}
    return table.update(
        _pk(before.id),
        SK,
        assign=kept,
        add={"version": 1},
        remove=[name for name, value in plain.items() if value is None],
        condition=Attr("version").eq(before.version),
    )


def awaiting(profile: Profile) -> list[timers.Timer]:
    """The one timer that awaits the birthday, if any does."""
    if (due := profile.greeting_due) is None:
        return []
    id_ = ids.derived(profile.id, f"{GREETING}#{due.isoformat()}")
    return [timers.Timer(GREETING, id_, due, {"customer_id": profile.id})]


def parse(row: table.Item) -> Profile:
    return Profile(
        id=row["pk"].removeprefix("CUSTOMER#"),
        registered_at=datetime.fromisoformat(row["registered_at"]),
        version=row["version"],
        language=Language(row["language"]),
        time_zone=row["time_zone"],
        email=row.get("email"),
        phone=row.get("phone"),
        name=row.get("name"),
        birthday=_day(row.get("birthday")),
        interests=tuple(row.get("interests", ())),
        needs=tuple(map(Need, row.get("needs", ()))),
        consents={Purpose(p): _consent(held) for p, held in row.get("consents", {}).items()},
        greeting_due=_moment(row.get("greeting_due")),
        greeted_on=_day(row.get("greeted_on")),
        picture=row.get("picture"),
        provider_picture=row.get("provider_picture"),
    )


def _consent(kept: table.Item) -> Consent:
    return Consent(kept["given"], kept["text_version"], datetime.fromisoformat(kept["at"]))


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _plain(value: Any) -> Any:
    """*value* as the row holds it."""
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(part) for part in value]
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case Consent():
            return {name: _plain(part) for name, part in asdict(value).items()}
    return value


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
