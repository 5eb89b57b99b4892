from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from common.language import NBSP, Language
from notify import wording

RU, EN = Language.RU, Language.EN


@pytest.mark.parametrize(
    ("amount", "russian"),
    [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (4, "4 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (12, "12 баллов"),
        (14, "14 баллов"),
        (21, "21 балл"),
        (22, "22 балла"),
        (111, "111 баллов"),
        (1001, "1 001 балл"),
    ],
)
def test_russian_points_agree_with_their_number(amount, russian):
    assert wording.points(RU, amount).replace(NBSP, " ") == russian


@pytest.mark.parametrize(
    ("amount", "english"), [(1, "1 point"), (0, "0 points"), (21, "21 points")]
)
def test_english_points_know_one_and_many(amount, english):
    assert wording.points(EN, amount) == english


def test_days_are_written_out():
    assert wording.day(RU, "2027-11-07") == "7 ноября 2027"
    assert wording.day(EN, "2027-05-31") == "31 May 2027"


def test_a_moment_is_told_by_the_customers_clock():
    new_year = datetime(2026, 12, 31, 21, 5, tzinfo=UTC)

    assert wording.moment(RU, new_year, ZoneInfo("Europe/Moscow")) == "1 января 2027 в 00:05"
    assert wording.moment(EN, new_year, ZoneInfo("Europe/Lisbon")) == "31 December 2026 at 21:05"
