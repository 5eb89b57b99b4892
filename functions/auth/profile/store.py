"""Profiles in DynamoDB.

pk             sk       what
CUSTOMER#<id>  PROFILE  language, time zone, contacts, name, birthday, interests; its version
                        guards every change
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from auth.profile.profile import Profile, differing
from common import outbox, table
from common.conditions import Attr
from common.errors import NotFound
from common.events import Event
from common.expressions import Path
from common.language import Language

SK = "PROFILE"


def find(customer_id: str) -> Profile:
    """NotFound for somebody who is no customer, or no longer."""
    row = table.get(_pk(customer_id), SK)
    if row is None:
        raise NotFound
    return parse(row)


def save(before: Profile, after: Profile, *events: Event) -> None:
    """Write what *after* has otherwise, and queue *events*.

    ConditionFailed unless the profile is still as it was *before*.
    """
    plain = {name: _plain(value) for name, value in differing(before, after).items()}
    kept: Mapping[Path, Any] = {name: value for name, value in plain.items() if value is not None}
    change = table.update(
        _pk(before.id),
        SK,
        assign=kept,
        add={"version": 1},
        remove=[name for name, value in plain.items() if value is None],
        condition=Attr("version").eq(before.version),
    )
    table.commit(change, *map(outbox.row, events))


def parse(row: table.Item) -> Profile:
    born = row.get("birthday")
    return Profile(
        id=row["pk"].removeprefix("CUSTOMER#"),
        registered_at=datetime.fromisoformat(row["registered_at"]),
        version=row["version"],
        language=Language(row["language"]),
        time_zone=row["time_zone"],
        email=row.get("email"),
        phone=row.get("phone"),
        name=row.get("name"),
        birthday=date.fromisoformat(born) if born else None,
        interests=tuple(row.get("interests", ())),
    )


def _plain(value: Any) -> Any:
    """*value* as the row holds it."""
    match value:
        case Language():
            return value.value
        case date():
            return value.isoformat()
    return value


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
