"""What can be booked: where, when, for how long and by how many at once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from common import clock
from common.errors import Refusal
from common.language import Text
from orders.bookings import hours
from orders.bookings.hours import Opening, Slot


class Kind(StrEnum):
    """A service's master, a window at a pick-up point, a meeting with somebody of the shop."""

    SERVICE = "service"
    PICKUP = "pickup"
    MEETING = "meeting"


class NoSuchSlot(Refusal):
    """Nothing that can be booked begins at that moment: it is over, too far off, or closed."""

    code = "no_such_slot"
    title = Text(
        ru="На это время записаться нельзя. Выберите другое.",
        en="This time cannot be booked. Please choose another one.",
    )


class SlotsFixed(Refusal):
    """How long a slot is, and by which clock, cannot change: what is booked stands on it."""

    code = "slots_fixed"
    title = Text(
        ru="Длительность и часовой пояс изменить нельзя: заведите новую запись.",
        en="Duration and time zone cannot change: open a new calendar instead.",
    )


@dataclass(frozen=True, slots=True)
class Bookable:
    """*capacity* bookings fit into a slot of *minutes*; it is closed on the days *closed*. One can
    book *ahead_days* ahead, and change one's mind until *notice_hours* before."""

    id: str
    kind: Kind
    name: Text
    place: str
    time_zone: str
    minutes: int
    capacity: int
    hours: tuple[Opening, ...]
    closed: tuple[date, ...]
    ahead_days: int
    notice_hours: int
    version: int

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def on(self, day: date, now: datetime) -> Iterator[Slot]:
        """The slots of *day* that are ahead, and not too far."""
        if day in self.closed:
            return
        for slot in hours.slots(day, self.hours, self.minutes, self.zone):
            if now < slot.start <= now + timedelta(days=self.ahead_days):
                yield slot

    def within(self, first: date, days: int, now: datetime) -> list[Slot]:
        """The slots of so many days from *first* on that are ahead, and not too far."""
        today = now.astimezone(self.zone).date().toordinal()
        begin, end = first.toordinal(), first.toordinal() + days
        near = range(max(begin, today), min(end, today + self.ahead_days + 1))
        return [slot for day in near for slot in self.on(date.fromordinal(day), now)]

    def at(self, start: datetime, now: datetime) -> Slot:
        """The slot that begins at *start*. NoSuchSlot."""
        if start <= now + timedelta(days=self.ahead_days):
            for slot in self.on(start.astimezone(self.zone).date(), now):
                if slot.start == start:
                    return slot
        raise NoSuchSlot

    def begins(self, day: date) -> datetime:
        """The moment with which *day* begins where it is, in UTC."""
        return clock.begins(day, self.zone).astimezone(UTC)

    def changeable_until(self, slot: Slot) -> datetime:
        return slot.start - timedelta(hours=self.notice_hours)

    def require_same_slots(self, before: "Bookable | None") -> None:
        """SlotsFixed where slots were others *before*."""
        if before and (before.minutes, before.time_zone) != (self.minutes, self.time_zone):
            raise SlotsFixed
