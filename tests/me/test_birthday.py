from datetime import date

import pytest

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
