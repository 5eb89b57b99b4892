"""Time comes from one place, and only the local stack can move it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from common import clock, table

GENUINE = clock._offset


@pytest.fixture
def genuine(cloud, monkeypatch):
    """The clock as it ships, in place of the tests' own."""
    monkeypatch.setattr(clock, "_offset", GENUINE)
    with cloud.acting("OrdersApi"):
        yield monkeypatch


def test_a_row_moves_time_where_the_stack_says_so(genuine):
    genuine.setenv("CLOCK_TABLE", "OrdersTable")
    table.apply(table.put({"pk": "CLOCK", "sk": "CLOCK", "offset_seconds": 7200}))

    ahead = clock.now() - datetime.now(UTC)

    assert timedelta(seconds=7190) < ahead < timedelta(seconds=7210)


def test_without_a_row_it_is_now(genuine):
    genuine.setenv("CLOCK_TABLE", "OrdersTable")

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=10)


def test_in_production_no_row_moves_it_and_nothing_is_read(genuine, cloud):
    table.apply(table.put({"pk": "CLOCK", "sk": "CLOCK", "offset_seconds": 7200}))

    with cloud.counted() as calls:
        ahead = clock.now() - datetime.now(UTC)

    assert abs(ahead) < timedelta(seconds=10)
    assert calls == []


@pytest.mark.case("K6")
def test_a_day_ends_at_midnight_in_the_shops_zone(cloud, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 31, 21, 30, tzinfo=UTC))

    with cloud.acting("OrdersApi"):
        assert clock.today() == date(2027, 1, 1)  # Moscow is three hours ahead
