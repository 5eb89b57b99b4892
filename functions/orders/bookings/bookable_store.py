"""What can be booked, in DynamoDB.

pk             sk              what
BOOKABLES      <id>            something that can be booked, whose version guards every change
BOOKABLE#<id>  SLOT#<start>    how many bookings a slot has; a day more than the slot lasts
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from common import table, versions
from common.conditions import Attr, Condition
from common.errors import NotFound
from orders.bookings import rows
from orders.bookings.bookable import Bookable
from orders.bookings.hours import Slot

ALL = "BOOKABLES"
KEPT = timedelta(days=1)


def key(bookable_id: str) -> tuple[str, str, str]:
    """Where something bookable lies, for a read together with other items."""
    return table.OWN, ALL, bookable_id


def every() -> list[Bookable]:
    """All that can be booked, by id."""
    return list(map(rows.bookable, table.query_all(ALL)))


def get(bookable_id: str) -> Bookable | None:
    row = table.get(ALL, bookable_id)
    return rows.bookable(row) if row else None


def find(bookable_id: str) -> Bookable:
    """NotFound."""
    found = get(bookable_id)
    if found is None:
        raise NotFound
    return found


def save(after: Bookable) -> None:
    """Write the next version. VersionConflict unless it is the one after what stands."""
    versions.save({"pk": ALL, "sk": after.id} | rows.of_bookable(after), after.version)


def unchanged(bookable: Bookable) -> table.Write:
    """What was decided by *bookable* is refused once it is another."""
    return table.check(ALL, bookable.id, Attr("version").eq(bookable.version))


def booked(bookable_id: str, first: datetime, last: datetime) -> Mapping[datetime, int]:
    """How many bookings the slots between two moments have, by their beginnings."""
    between = table.sort_key().between(_sk(first), _sk(last))
    found = table.query_all(_pk(bookable_id), between)
    return {datetime.fromisoformat(row["sk"].removeprefix("SLOT#")): row["booked"] for row in found}


def take(bookable: Bookable, slot: Slot) -> table.Write:
    """One booking more; refused where there is no room."""
    room = Attr("booked").not_exists() | Attr("booked").lt(bookable.capacity)
    return _change(bookable.id, slot, 1, room)


def free(bookable_id: str, slot: Slot) -> table.Write:
    return _change(bookable_id, slot, -1, Attr("booked").gt(0))


def _change(bookable_id: str, slot: Slot, by: int, condition: Condition) -> table.Write:
    return table.update(
        _pk(bookable_id),
        _sk(slot.start),
        add={"booked": by},
        assign={"expires_at": int((slot.end + KEPT).timestamp())},
        condition=condition,
    )


def _pk(bookable_id: str) -> str:
    return f"BOOKABLE#{bookable_id}"


def _sk(start: datetime) -> str:
    return f"SLOT#{start.isoformat()}"
