"""The trail of what staff did, in DynamoDB, for 400 days.

pk     sk          gsi1pk            gsi2pk             what
TRAIL  <event id>  TRAIL#STAFF#<id>  TRAIL#ON#<thing>   one act
"""

from datetime import datetime, timedelta

from common import ids, table
from common.events.staff import StaffActed

PK = "TRAIL"
KEPT = timedelta(days=400)


def keep(act: StaffActed) -> None:
    """Write the act down, once however often it is delivered."""
    row = act.model_dump(mode="json", exclude={"id", "subject_version"}) | {
        "pk": PK,
        "sk": act.id,
        "gsi1pk": _by(act.staff_id),
        "gsi1sk": act.id,
        "gsi2pk": _on(act.resource),
        "gsi2sk": act.id,
        "expires_at": int((act.occurred_at + KEPT).timestamp()),
    }
    table.apply(table.put(row, condition=None))


def page(
    staff_id: str | None, resource: str | None, limit: int, start: table.Item | None, at: datetime
) -> table.Page:
    """A page of the acts of all, of one member, or on one thing, newest first."""
    index = "gsi1" if staff_id else "gsi2" if resource else None
    pk = _by(staff_id) if staff_id else _on(resource) if resource else PK
    kept = table.sort_key(index).gt(ids.first_at(at - KEPT))
    return table.query(pk, kept, index=index, limit=limit, start=start, newest_first=True)


def _by(staff_id: str) -> str:
    return f"{PK}#STAFF#{staff_id}"


def _on(resource: str) -> str:
    return f"{PK}#ON#{resource}"
