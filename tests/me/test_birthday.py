from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.profile import birthday
from common.errors import Invalid

TODAY = date(2026, 11, 23)


@pytest.mark.case("K1")
@pytest.mark.parametrize(
    "day", [TODAY, date(2000, 2, 29), date(1896, 1, 1), date(2026, 1, 1)], ids=str
)
def test_a_day_of_the_past_can_be_a_birthday(day):
    birthday.require_plausible(day, TODAY)


@pytest.mark.case("K1")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 24), "birthday_ahead"),
        (date(9999, 12, 31), "birthday_ahead"),
        (date(1895, 12, 31), "birthday_too_long_ago"),
        (date(1, 1, 1), "birthday_too_long_ago"),
    ],
    ids=str,
)
def test_a_day_to_come_or_of_another_century_cannot(day, code):
    with pytest.raises(Invalid) as refused:
        birthday.require_plausible(day, TODAY)

    assert refused.value.members["errors"] == [{"field": "body.birthday", "code": code}]


LEAP = date(2000, 2, 29)
MOSCOW, OMSK = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Omsk")


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.case("K1")
@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-02-27", 25), ("2026-02-28", 26), ("2028-02-28", 27), ("2028-02-29", 28)],
)
def test_whoever_is_born_on_29_february_is_a_year_older_on_the_28th_of_common_years(today, years):
    assert birthday.age(LEAP, date.fromisoformat(today)) == years


@pytest.mark.parametrize(
    ("born", "now", "due"),
    [
        (date(1990, 5, 1), "2026-04-30T12:00:00+00:00", "2026-05-01T09:00:00+03:00"),
        (date(1990, 5, 1), "2026-05-01T05:59:00+00:00", "2026-05-01T09:00:00+03:00"),
        (date(1990, 5, 1), "2026-05-01T21:00:00+00:00", "2027-05-01T09:00:00+03:00"),
        (LEAP, "2026-03-01T00:00:00+00:00", "2027-02-28T09:00:00+03:00"),
        (LEAP, "2027-03-01T00:00:00+00:00", "2028-02-29T09:00:00+03:00"),
    ],
)
@pytest.mark.case("K1")
@pytest.mark.feature(88)
def test_the_greeting_is_at_nine_by_the_customers_clock(born, now, due):
    assert birthday.next_greeting(born, MOSCOW, None, at(now)) == at(due)


def test_on_the_day_itself_the_greeting_is_not_put_off_for_a_year():
    now = at("2026-05-01T15:00:00+00:00")

    assert birthday.next_greeting(date(1990, 5, 1), MOSCOW, None, now) == now


@pytest.mark.case("K4")
@given(
    born=st.dates(date(1930, 1, 1), date(2000, 12, 31)),
    moves=st.lists(
        st.tuples(
            st.sampled_from(["Pacific/Kiritimati", "Europe/Moscow", "Pacific/Pago_Pago"]),
            st.dates(date(1930, 1, 1), date(2000, 12, 31)),
        ),
        max_size=8,
    ),
)
def test_no_two_greetings_are_nearer_than_a_year_whoever_moves_what(born, moves):
    now, last, days = at("2026-01-01T00:00:00+00:00"), None, []
    for zone, moved in [("Europe/Moscow", born), *moves]:
        now = birthday.next_greeting(moved, ZoneInfo(zone), last, now)
        last = now.astimezone(ZoneInfo(zone)).date()
        days.append(last)

    assert all(later - earlier >= birthday.YEAR for earlier, later in pairwise(days))


@given(
    born=st.dates(date(1930, 1, 1), date(2025, 12, 31)), years=st.integers(min_value=2, max_value=9)
)
def test_whoever_moves_nothing_is_greeted_each_year_on_the_day(born, years):
    now, last = at("2026-01-01T00:00:00+00:00"), None
    for year in range(2026, 2026 + years):
        now = birthday.next_greeting(born, OMSK, last, now)
        last = now.astimezone(OMSK).date()
        assert last == birthday.celebrated(born, year)
