"""Quiet hours are local, whatever the clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notify.quiet import QuietHours, parse

NIGHT = QuietHours(21, 9)


@pytest.mark.case("K2")
@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2026-11-23T12:00", "Europe/Moscow", None),
        ("2026-11-23T17:59", "Europe/Moscow", None),
        ("2026-11-23T18:00", "Europe/Moscow", "2026-11-24T06:00"),
        ("2026-11-23T21:30", "Europe/Moscow", "2026-11-24T06:00"),
        ("2026-11-24T05:59", "Europe/Moscow", "2026-11-24T06:00"),
        ("2026-11-24T06:00", "Europe/Moscow", None),
        # The same moment is day for one and night for another.
        ("2026-11-23T12:00", "Asia/Vladivostok", "2026-11-23T23:00"),
        ("2026-11-23T12:00", "America/Los_Angeles", "2026-11-23T17:00"),
        ("2026-11-23T12:00", "Asia/Kolkata", None),
        ("2026-11-23T23:00", "Pacific/Kiritimati", None),
        # The night in which clocks go forward is an hour shorter, the other one longer.
        ("2026-03-28T21:00", "Europe/Berlin", "2026-03-29T07:00"),
        ("2026-10-24T21:00", "Europe/Berlin", "2026-10-25T08:00"),
    ],
)
def test_quiet_ends_in_the_morning_of_the_reader(at, zone, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    found = NIGHT.until(moment, ZoneInfo(zone))

    assert found == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


@pytest.mark.case("K2")
def test_when_quiet_ends_it_is_over():
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"):
        for day in range(1, 29):
            for month in range(1, 13):
                at = datetime(2026, month, day, 23, 30, tzinfo=ZoneInfo(zone))
                end = NIGHT.until(at.astimezone(UTC), ZoneInfo(zone))
                assert NIGHT.until(end, ZoneInfo(zone)) is None
                assert end.astimezone(ZoneInfo(zone)).hour == 9


@pytest.mark.parametrize(
    ("text", "hour", "is_quiet"), [("9-9", 9, False), ("13-15", 14, True), ("13-15", 15, False)]
)
def test_hours_may_lie_within_a_day_or_be_none(text, hour, is_quiet):
    at = datetime(2026, 11, 23, hour, tzinfo=UTC)

    assert (parse(text).until(at, ZoneInfo("UTC")) is not None) is is_quiet
