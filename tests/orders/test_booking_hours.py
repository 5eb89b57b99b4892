"""Slots: what opening hours hold by a place's own clock, on days when clocks change too."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from common.language import Text
from orders.bookings.bookable import Bookable, Kind, NoSuchSlot
from orders.bookings.hours import Opening, Slot, slots

pytestmark = pytest.mark.feature(82)
BERLIN, HAVANA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # Sundays on which Berlin's clocks change
NOON = datetime(2027, 3, 26, 12, tzinfo=UTC)
TEN_TO_ONE = (Opening(7, "10:00", "13:00"),)
ALL_SUNDAY = (Opening(7, "00:00", "24:00"),)


def shown(found, zone=BERLIN):
    return [slot.start.astimezone(zone).strftime("%H:%M") for slot in found]


def test_slots_begin_every_so_many_minutes_and_end_before_it_closes():
    day = date(2027, 3, 21)
    assert shown(slots(day, TEN_TO_ONE, 60, BERLIN)) == ["10:00", "11:00", "12:00"]
    assert shown(slots(day, TEN_TO_ONE, 90, BERLIN)) == ["10:30"]
    assert shown(slots(day, (Opening(6, "10:00", "13:00"),), 60, BERLIN)) == []


def test_slots_stand_on_one_grid_however_the_hours_change():
    early, late = (Opening(7, "09:15", "18:00"),), (Opening(7, "09:45", "18:30"),)
    found = {*slots(SPRING, early, 45, BERLIN), *slots(SPRING, late, 45, BERLIN)}

    ordered = sorted(found, key=lambda slot: slot.start)
    assert [one for one, later in pairwise(ordered) if one.overlaps(later)] == []


@pytest.mark.case("K5")
def test_a_day_on_which_clocks_change_opens_by_the_clock_on_the_wall():
    before, after = date(2027, 3, 27), SPRING
    saturday = list(slots(before, (Opening(6, "10:00", "13:00"),), 60, BERLIN))
    sunday = list(slots(after, TEN_TO_ONE, 60, BERLIN))

    assert shown(saturday) == shown(sunday) == ["10:00", "11:00", "12:00"]
    assert sunday[0].start - saturday[0].start == timedelta(hours=23)


@pytest.mark.case("K5")
@pytest.mark.parametrize("minutes", [10, 30, 60, 90])
@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_no_slot_begins_in_an_hour_that_is_left_out_or_is_longer_than_it_says(day, minutes):
    found = list(slots(day, ALL_SUNDAY, minutes, BERLIN))

    assert {slot.end - slot.start for slot in found} == {timedelta(minutes=minutes)}
    assert [one for one, later in pairwise(found) if one.overlaps(later)] == []
    hidden = {"02:00", "02:30"} if day == SPRING else set()
    assert not hidden & set(shown(found))
    assert len(set(shown(found))) == len(found)


@pytest.mark.case("K5")
def test_of_an_hour_that_comes_twice_the_first_is_meant():
    [found] = [slot for slot in slots(AUTUMN, ALL_SUNDAY, 30, BERLIN) if slot.start.hour == 0][:1]

    assert found.start == datetime(2027, 10, 31, 0, tzinfo=UTC)  # 02:00 in summer time
    assert "02:30" not in shown(slots(AUTUMN, ALL_SUNDAY, 60, BERLIN))


@pytest.mark.case("K5")
def test_a_day_without_midnight_has_slots_from_one_on():
    found = slots(date(2027, 3, 14), ALL_SUNDAY, 60, HAVANA)
    assert shown(found, HAVANA)[0] == "01:00"


def bookable(**changes):
    known = {"id": "cut", "kind": Kind.SERVICE, "name": Text("Стрижка", "Haircut")}
    known |= {"place": "Mitte", "time_zone": "Europe/Berlin", "minutes": 60, "capacity": 1}
    known |= {"hours": TEN_TO_ONE, "closed": (), "ahead_days": 30, "notice_hours": 3, "version": 1}
    return Bookable(**known | changes)


def test_what_is_over_closed_or_too_far_off_cannot_be_booked():
    one, now = bookable(), datetime(2027, 3, 28, 9, tzinfo=UTC)  # 11:00 in Berlin

    assert shown(one.on(SPRING, now)) == ["12:00"]
    assert list(bookable(closed=(SPRING,)).on(SPRING, NOON)) == []
    assert list(one.on(SPRING, NOON - timedelta(days=40))) == []
    assert [slot.start.day for slot in one.within(SPRING, 14, NOON)] == [28] * 3 + [4] * 3


def test_a_booking_names_the_very_beginning_of_a_slot():
    one, start = bookable(), datetime(2027, 3, 28, 10, tzinfo=BERLIN).astimezone(UTC)

    assert one.at(start, NOON) == Slot(start, start + timedelta(hours=1))
    for wrong in (start + timedelta(minutes=30), start - timedelta(hours=1), NOON):
        with pytest.raises(NoSuchSlot):
            one.at(wrong, NOON)


@pytest.mark.case("V2")
@pytest.mark.parametrize("year", [1, 9999])
def test_moments_at_the_ends_of_time_are_no_slots(year):
    for month, day in ((1, 1), (12, 31)):
        with pytest.raises(NoSuchSlot):
            bookable().at(datetime(year, month, day, tzinfo=UTC), NOON)
