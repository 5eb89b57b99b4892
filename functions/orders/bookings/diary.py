"""A customer's diary: when they are somewhere already. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.errors import Refusal
from common.language import Text
from orders.bookings.booking import Booking
from orders.bookings.hours import Slot

MOST_AHEAD = 20


class Overlap(Refusal):
    """`booking_id` is the customer's booking that is at the same time."""

    code = "bookings_overlap"
    title = Text(
        ru="На это время уже есть другая запись.", en="There is another booking at this time."
    )


class TooManyBookings(Refusal):
    """`most_ahead` is how many one may have ahead."""

    code = "too_many_bookings"
    title = Text(
        ru="Записей уже слишком много. Отмените ненужные.",
        en="There are too many bookings. Cancel those you do not need.",
    )


@dataclass(frozen=True, slots=True)
class Diary:
    """The times of bookings that stand, by their ids; its *version* guards every change, so no two
    bookings that overlap can be made at once."""

    times: Mapping[str, Slot]
    version: int

    def having(self, booking: Booking, now: datetime) -> "Diary":
        """The diary with *booking* where it is now, and without what is over. Overlap,
        TooManyBookings."""
        others = self._ahead(now, booking.id)
        for id_, slot in others.items():
            if slot.overlaps(booking.slot):
                raise Overlap(booking_id=id_)
        if len(others) >= MOST_AHEAD:
            raise TooManyBookings(most_ahead=MOST_AHEAD)
        return Diary(others | {booking.id: booking.slot}, self.version + 1)

    def without(self, booking: Booking, now: datetime) -> "Diary":
        return Diary(self._ahead(now, booking.id), self.version + 1)

    def _ahead(self, now: datetime, but: str) -> dict[str, Slot]:
        return {id_: slot for id_, slot in self.times.items() if slot.end > now and id_ != but}
