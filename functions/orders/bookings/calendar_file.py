"""Bookings as an iCalendar file (RFC 5545). Pure.

Times are by the place's own clock, with the rules of its zone in the file. A file has no METHOD, so
DTSTAMP is when a booking last changed, and the same booking is the same file.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from common.language import Language
from orders.bookings.booking import Booking, State

if TYPE_CHECKING:
    from icalendar import Calendar, Event

STATUS = {State.BOOKED: "CONFIRMED", State.CANCELLED: "CANCELLED"}
# How far around its bookings a file tells the rules of their zones.
AROUND = timedelta(days=366)


def write(bookings: Iterable[Booking], language: Language, shop_name: str, shop_url: str) -> str:
    """All of *bookings* in one file; a page of the shop at *shop_url* shows each."""
    # Imported where a file is made: it takes a quarter of a second, and most requests make none.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Kabinet//Bookings//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", shop_name)
    shown = list(bookings)
    for booking in shown:
        made.add_component(_event(booking, language, shop_url))
    _tell_zones(made, shown)
    text: bytes = made.to_ical()
    return text.decode()


def _event(booking: Booking, language: Language, shop_url: str) -> "Event":
    from icalendar import Event

    made, zone = Event(), booking.zone
    made.add("uid", booking.id)
    made.add("sequence", booking.version - 1)
    made.add("status", STATUS[booking.state])
    made.add("dtstamp", booking.changed_at)
    made.add("created", booking.made_at)
    made.add("last-modified", booking.changed_at)
    made.add("dtstart", booking.slot.start.astimezone(zone))
    made.add("dtend", booking.slot.end.astimezone(zone))
    made.add("summary", booking.name[language])
    made.add("location", booking.place)
    made.add("url", f"{shop_url}/bookings/{booking.id}")
    return made


def _tell_zones(made: "Calendar", shown: list[Booking]) -> None:
    if shown:
        first = min(booking.slot.start for booking in shown) - AROUND
        last = max(booking.slot.end for booking in shown) + AROUND
        made.add_missing_timezones(first_date=first.date(), last_date=last.date())
