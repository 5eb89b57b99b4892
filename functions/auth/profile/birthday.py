"""Birthdays: which days can be one. Pure."""

from datetime import date

from common import fields
from common.errors import Invalid
from common.language import Text

LONGEST_LIFE_YEARS = 130

fields.REASONS["birthday_ahead"] = Text(
    ru="Этот день ещё не наступил.", en="That day is still to come."
)
fields.REASONS["birthday_too_long_ago"] = Text(
    ru="Проверьте год рождения.", en="Check the year of birth."
)


def require_plausible(birthday: date, today: date) -> None:
    """Invalid for a day to come, or one longer ago than anybody lives."""
    if birthday > today:
        raise Invalid(errors=[{"field": "body.birthday", "code": "birthday_ahead"}])
    if today.year - birthday.year > LONGEST_LIFE_YEARS:
        raise Invalid(errors=[{"field": "body.birthday", "code": "birthday_too_long_ago"}])
