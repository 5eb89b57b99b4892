"""Birthdays: which days can be one, when to congratulate, how old somebody is. Pure.

Somebody born on 29 February celebrates on the 28th in common years, and is a year older then.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common import fields
from common.errors import Invalid
from common.language import Text

LONGEST_LIFE_YEARS = 130
# By the customer's own clock.
GREETED_FROM = time(9)
# No two birthdays of one person are nearer, whichever of the years has a 29 February.
YEAR = timedelta(days=365)

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


def celebrated(birthday: date, year: int) -> date:
    """The day of *year* on which it is celebrated."""
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age(birthday: date, today: date) -> int:
    """In whole years."""
    return today.year - birthday.year - (today < celebrated(birthday, today.year))


def next_greeting(
    birthday: date, zone: ZoneInfo, greeted_on: date | None, now: datetime
) -> datetime:
    """When to congratulate next: at nine by the customer's clock, or at once where it is later on
    the day itself.

    Once a year at most, whatever day the birthday is moved to and whatever zone the customer.
    """
    today = now.astimezone(zone).date()
    earliest = max(today, greeted_on + YEAR) if greeted_on else today
    days = (celebrated(birthday, earliest.year + n) for n in (0, 1))
    day = next(day for day in days if day >= earliest)
    return max(datetime.combine(day, GREETED_FROM, zone).astimezone(UTC), now)
