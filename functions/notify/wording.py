"""How letters say sums, points and times: in the customer's language and time zone."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from common.language import NBSP, Language, money

MONTHS = {
    Language.RU: [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    Language.EN: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
POINTS = {Language.RU: ("балл", "балла", "баллов"), Language.EN: ("point", "points", "points")}


def filters(language: Language) -> dict[str, Callable[..., Any]]:
    """What a letter in *language* may say of a value: `{{ total_minor | money(currency) }}`."""
    return {
        "money": partial(money, language),
        "points": partial(points, language),
        "day": partial(day, language),
        "moment": partial(moment, language),
    }


def points(language: Language, amount: int) -> str:
    one, few, many = POINTS[language]
    forms = {"one": one, "few": few, "many": many}
    shown = f"{amount:,}"
    if language is Language.RU:
        return shown.replace(",", NBSP) + NBSP + forms[_russian(amount)]
    return f"{shown} {one if amount == 1 else many}"


def day(language: Language, on: date | str) -> str:
    """`7 ноября 2026` or `7 November 2026`."""
    at = date.fromisoformat(on) if isinstance(on, str) else on
    return f"{at.day} {MONTHS[language][at.month - 1]} {at.year}"


def moment(language: Language, at: datetime, zone: ZoneInfo | str) -> str:
    """`7 ноября 2026 в 14:05`, by the clock of *zone*, which may be named."""
    local = at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    joint = "в" if language is Language.RU else "at"
    return f"{day(language, local.date())} {joint} {local:%H:%M}"


def _russian(amount: int) -> str:
    """The plural form a number takes in Russian (CLDR)."""
    if amount % 10 == 1 and amount % 100 != 11:
        return "one"
    if amount % 10 in (2, 3, 4) and amount % 100 not in (12, 13, 14):
        return "few"
    return "many"
