"""Bookings, diaries and what can be booked, as rows. Pure."""

from datetime import date, datetime

from common.expressions import Item
from common.language import Text
from orders.bookings.bookable import Bookable, Kind
from orders.bookings.booking import Booking, State
from orders.bookings.diary import Diary
from orders.bookings.hours import Opening, Slot

PLAIN = "id", "place", "time_zone", "minutes", "capacity", "ahead_days", "notice_hours", "version"


def bookable(row: Item) -> Bookable:
    return Bookable(
        kind=Kind(row["kind"]),
        name=Text(row["name_ru"], row["name_en"]),
        hours=tuple(Opening(*opening) for opening in row["hours"]),
        closed=tuple(map(date.fromisoformat, row["closed"])),
        **{name: row[name] for name in PLAIN},
    )


def of_bookable(one: Bookable) -> Item:
    return {
        "kind": one.kind.value,
        "name_ru": one.name.ru,
        "name_en": one.name.en,
        "hours": [[x.weekday, x.begins, x.ends] for x in one.hours],
        "closed": [day.isoformat() for day in one.closed],
        **{name: getattr(one, name) for name in PLAIN},
    }


def booking(row: Item) -> Booking:
    return Booking(
        id=row["id"],
        customer_id=row["customer_id"],
        bookable_id=row["bookable_id"],
        kind=Kind(row["kind"]),
        name=Text(row["name_ru"], row["name_en"]),
        place=row["place"],
        time_zone=row["time_zone"],
        slot=_slot(row["start"], row["end"]),
        changeable_until=datetime.fromisoformat(row["changeable_until"]),
        order_id=row["order_id"],
        made_at=datetime.fromisoformat(row["made_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        state=State(row["state"]),
        version=row["version"],
    )


def of_booking(one: Booking) -> Item:
    return {
        "id": one.id,
        "customer_id": one.customer_id,
        "bookable_id": one.bookable_id,
        "kind": one.kind.value,
        "name_ru": one.name.ru,
        "name_en": one.name.en,
        "place": one.place,
        "time_zone": one.time_zone,
        "start": one.slot.start.isoformat(),
        "end": one.slot.end.isoformat(),
        "changeable_until": one.changeable_until.isoformat(),
        "order_id": one.order_id,
        "made_at": one.made_at.isoformat(),
        "changed_at": one.changed_at.isoformat(),
        "state": one.state.value,
        "version": one.version,
    }


def diary(row: Item | None) -> Diary:
    """A customer's who never booked anything is empty."""
    if row is None:
        return Diary({}, 0)
    return Diary({id_: _slot(*times) for id_, times in row["times"].items()}, row["version"])


def of_diary(one: Diary) -> Item:
    times = {id_: [s.start.isoformat(), s.end.isoformat()] for id_, s in one.times.items()}
    return {"times": times, "version": one.version}


def _slot(start: str, end: str) -> Slot:
    return Slot(datetime.fromisoformat(start), datetime.fromisoformat(end))
