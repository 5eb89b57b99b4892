"""How bookings, slots and what can be booked are shown."""

from datetime import date

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders.bookings.bookable import Bookable, Kind
from orders.bookings.booking import Booking, State
from orders.bookings.hours import Slot


class BookableView(shell.View):
    """What can be booked, and on which terms: `minutes` is how long it lasts, `notice_hours` before
    it a booking can be changed for the last time."""

    id: str
    kind: Kind
    name: str
    place: str
    time_zone: str
    minutes: int
    ahead_days: int
    notice_hours: int


class BookablesView(shell.View):
    items: list[BookableView]


class OpeningView(shell.View):
    weekday: int
    begins: str
    ends: str


class StaffBookableView(shell.View):
    """What can be booked, as staff wrote it."""

    id: str
    kind: Kind
    name_ru: str
    name_en: str
    place: str
    time_zone: str
    minutes: int
    capacity: int
    hours: list[OpeningView]
    closed: list[date]
    ahead_days: int
    notice_hours: int


class SlotView(shell.View):
    """A time by the place's clock, and how many can still book it."""

    start: AwareDatetime
    end: AwareDatetime
    free: int


class SlotsView(shell.View):
    """What is free, in its order."""

    time_zone: str
    slots: list[SlotView]


class BookingView(shell.View):
    """Times are by the place's clock; until `changeable_until` it can be moved or cancelled."""

    id: str
    bookable_id: str
    kind: Kind
    name: str
    place: str
    time_zone: str
    start: AwareDatetime
    end: AwareDatetime
    state: State
    changeable_until: AwareDatetime
    order_id: str | None


class BookingPage(shell.View):
    items: list[BookingView]
    next_cursor: str | None


class StaffBookingView(shell.View):
    """A booking, and whose it is."""

    id: str
    customer_id: str
    bookable_id: str
    start: AwareDatetime
    end: AwareDatetime
    state: State
    order_id: str | None


class StaffBookingPage(shell.View):
    items: list[StaffBookingView]
    next_cursor: str | None


class CalendarLinkView(shell.View):
    """The address of your bookings for a calendar: whoever knows it sees them."""

    url: str


def bookable(one: Bookable, language: Language) -> BookableView:
    return BookableView(
        id=one.id,
        kind=one.kind,
        name=one.name[language],
        place=one.place,
        time_zone=one.time_zone,
        minutes=one.minutes,
        ahead_days=one.ahead_days,
        notice_hours=one.notice_hours,
    )


def staff_bookable(one: Bookable) -> StaffBookableView:
    hours = [OpeningView(weekday=x.weekday, begins=x.begins, ends=x.ends) for x in one.hours]
    return StaffBookableView(
        id=one.id,
        kind=one.kind,
        name_ru=one.name.ru,
        name_en=one.name.en,
        place=one.place,
        time_zone=one.time_zone,
        minutes=one.minutes,
        capacity=one.capacity,
        hours=hours,
        closed=list(one.closed),
        ahead_days=one.ahead_days,
        notice_hours=one.notice_hours,
    )


def slot(one: Bookable, found: Slot, free: int) -> SlotView:
    start, end = found.start.astimezone(one.zone), found.end.astimezone(one.zone)
    return SlotView(start=start, end=end, free=free)


def booking(one: Booking, language: Language) -> BookingView:
    return BookingView(
        id=one.id,
        bookable_id=one.bookable_id,
        kind=one.kind,
        name=one.name[language],
        place=one.place,
        time_zone=one.time_zone,
        start=one.slot.start.astimezone(one.zone),
        end=one.slot.end.astimezone(one.zone),
        state=one.state,
        changeable_until=one.changeable_until.astimezone(one.zone),
        order_id=one.order_id,
    )


def staff_booking(one: Booking) -> StaffBookingView:
    return StaffBookingView(
        id=one.id,
        customer_id=one.customer_id,
        bookable_id=one.bookable_id,
        start=one.slot.start.astimezone(one.zone),
        end=one.slot.end.astimezone(one.zone),
        state=one.state,
        order_id=one.order_id,
    )
