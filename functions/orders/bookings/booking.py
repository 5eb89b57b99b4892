"""A booking: somebody has a slot. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from common.errors import Refusal
from common.language import Text
from orders.bookings.bookable import Bookable, Kind
from orders.bookings.hours import Slot

DAY_BEFORE, HOURS_BEFORE = timedelta(days=1), timedelta(hours=2)


class State(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


class By(StrEnum):
    """Who changed a booking: `order` where the order that it belongs to was called off."""

    CUSTOMER = "customer"
    SHOP = "shop"
    ORDER = "order"


class SlotTaken(Refusal):
    """No place is left in the slot."""

    code = "slot_taken"
    title = Text(
        ru="Это время уже занято. Выберите другое.",
        en="This time has been taken. Please choose another one.",
    )


class NotStanding(Refusal):
    """The booking is cancelled, or its time has come."""

    code = "booking_over"
    title = Text(
        ru="Эта запись уже отменена или прошла.",
        en="This booking is cancelled or over.",
    )


class TooLate(Refusal):
    """`changeable_until` was the last moment."""

    code = "too_late_to_change"
    title = Text(
        ru="Перенести или отменить запись уже нельзя. Напишите нам: поможем.",
        en="It is too late to move or cancel this. Write to us and we will help.",
    )


@dataclass(frozen=True, slots=True)
class Booking:
    """What was promised when it was booked stands in the booking, whatever becomes of its source.
    *version* grows with every change."""

    id: str
    customer_id: str
    bookable_id: str
    kind: Kind
    name: Text
    place: str
    time_zone: str
    slot: Slot
    changeable_until: datetime
    order_id: str | None
    made_at: datetime
    changed_at: datetime
    state: State = State.BOOKED
    version: int = 1

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def stands(self) -> bool:
        return self.state is State.BOOKED

    @property
    def reminded_at(self) -> datetime | None:
        """A day before, or two hours where that was over already when it was booked or moved."""
        if not self.stands:
            return None
        moments = (self.slot.start - before for before in (DAY_BEFORE, HOURS_BEFORE))
        return next((at for at in moments if at > self.changed_at), None)

    def moved(self, bookable: Bookable, start: datetime, by: By, now: datetime) -> "Booking":
        """The booking at another time; itself where it is at that time already. NotStanding,
        TooLate, NoSuchSlot."""
        self._require_open(by, now)
        if start == self.slot.start:
            return self
        slot = bookable.at(start, now)
        until = bookable.changeable_until(slot)
        version = self.version + 1
        return replace(self, slot=slot, changeable_until=until, changed_at=now, version=version)

    def cancelled(self, by: By, now: datetime) -> "Booking":
        """NotStanding, TooLate."""
        self._require_open(by, now)
        return replace(self, state=State.CANCELLED, changed_at=now, version=self.version + 1)

    def _require_open(self, by: By, now: datetime) -> None:
        """The shop may change what is ahead, whoever booked only until it was told they may."""
        if not self.stands or self.slot.start <= now:
            raise NotStanding
        if by is By.CUSTOMER and now > self.changeable_until:
            raise TooLate(changeable_until=self.changeable_until.isoformat())


def made(
    id_: str, customer_id: str, bookable: Bookable, slot: Slot, order_id: str | None, now: datetime
) -> Booking:
    return Booking(
        id=id_,
        customer_id=customer_id,
        bookable_id=bookable.id,
        kind=bookable.kind,
        name=bookable.name,
        place=bookable.place,
        time_zone=bookable.time_zone,
        slot=slot,
        changeable_until=bookable.changeable_until(slot),
        order_id=order_id,
        made_at=now,
        changed_at=now,
    )
