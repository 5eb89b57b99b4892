"""Access logs in DynamoDB.

pk             sk                 what
CUSTOMER#<id>  VIEWED#<event id>  somebody of the staff saw something of theirs; a year

Ids of entries tell their hour, so a year's are one range of keys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from auth.rows import seconds
from common import ids, table
from common.events import CustomerViewed

KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Entry:
    staff_id: str
    role: str
    what: str
    resource_id: str
    at: datetime


def note(viewed: CustomerViewed) -> None:
    """Keep the entry, once; nothing for whoever is no customer, or no longer."""
    row = {
        "pk": f"CUSTOMER#{viewed.customer_id}",
        "sk": f"VIEWED#{viewed.id}",
        "staff_id": viewed.staff_id,
        "role": viewed.role,
        "what": viewed.what,
        "resource_id": viewed.resource_id,
        "at": viewed.occurred_at.isoformat(),
        "expires_at": seconds(viewed.occurred_at + KEPT),
    }
    known = table.check(f"CUSTOMER#{viewed.customer_id}", "PROFILE", table.PRESENT)
    try:
        table.commit(table.put(row), known)
    except table.ConditionFailed:
        return


def page(
    customer_id: str, now: datetime, limit: int, start: table.Item | None
) -> tuple[list[Entry], table.Item | None]:
    """The entries of the last year, newest first."""
    oldest = f"VIEWED#{ids.first_at(now - KEPT)}"
    within = table.sort_key().between(oldest, "VIEWED$")
    found = table.query(
        f"CUSTOMER#{customer_id}", within, limit=limit, start=start, newest_first=True
    )
    return [_entry(row) for row in found.items], found.last


def _entry(row: table.Item) -> Entry:
    return Entry(
        row["staff_id"],
        row["role"],
        row["what"],
        row["resource_id"],
        datetime.fromisoformat(row["at"]),
    )
