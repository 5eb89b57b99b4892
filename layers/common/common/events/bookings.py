"""What orders tells of bookings."""

from typing import Literal

from pydantic import AwareDatetime

from common.events import Event


class BookingEvent(Event):
    """What every event of a booking carries: whose it is, of what, and where and when that is, by
    the clock of `time_zone`."""

    customer_id: str
    booking_id: str
    kind: Literal["service", "pickup", "meeting"]
    name_ru: str
    name_en: str
    place: str
    time_zone: str
    start: AwareDatetime
    end: AwareDatetime
    changeable_until: AwareDatetime


class BookingMade(BookingEvent):
    """A customer has booked something."""

    name = "orders.booking_made.v1"


class BookingMoved(BookingEvent):
    """A booking is at another time than it `was`."""

    name = "orders.booking_moved.v1"

    was: AwareDatetime
    by: Literal["customer", "shop"]


class BookingCancelled(BookingEvent):
    """A booking does not stand any longer; `by` its `order` where that was called off."""

    name = "orders.booking_cancelled.v1"

    by: Literal["customer", "shop", "order"]


class BookingDue(BookingEvent):
    """A booking's time comes."""

    name = "orders.booking_due.v1"
