from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.visits import absence
from auth.visits.absence import Absence, Finding

pytestmark = pytest.mark.feature(90)
VISIT = datetime(2026, 11, 23, 12, tzinfo=UTC)
STAGES = [30, 60, 90]


def after(days, **more):
    return VISIT + timedelta(days=days, **more)


def look(known, days, last=VISIT, may_return=False):
    return absence.look(known, last, STAGES, after(days), may_return)


@pytest.mark.parametrize(
    ("known", "days", "told", "again"),
    [
        (None, 0, None, 30),
        (None, 29, None, 30),
        (None, 30, 30, 60),
        (Absence(VISIT, 30), 30, None, 60),
        (Absence(VISIT, 30), 60, 60, 90),
        (None, 75, 60, 90),
        (Absence(VISIT, 60), 90, 90, None),
        (None, 400, 90, None),
    ],
)
def test_each_stage_is_told_once_and_the_last_ends_it(known, days, told, again):
    found = look(known, days)

    assert (found.told, found.again) == (told, again and after(again))


def test_whoever_came_back_is_missed_from_then_on():
    found = look(Absence(VISIT, 60), 65, last=after(61))

    assert found == Finding(Absence(after(61)), None, after(91))


def test_whoever_may_return_without_signing_in_is_looked_at_again():
    assert look(Absence(VISIT, 60), 90, may_return=True).again == after(120)


@given(st.lists(st.integers(0, 400), unique=True))
def test_no_stage_is_told_twice_however_often_one_looks(days):
    known, told = None, []
    for day in sorted(days):
        found = look(known, day)
        known = found.absence
        told += [found.told] if found.told else []

    assert told == sorted(set(told))


def test_the_days_are_read_in_rising_order():
    assert absence.stages("90,30,60,30") == [30, 60, 90]
