"""A registration: a contact somebody claims, until the code that it got proves it."""

import re
from dataclasses import dataclass
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from common import fields
from common.errors import Problem
from common.language import Language, Text

ZONE_NAME = re.compile(r"[A-Za-z0-9+_-]{1,32}(?:/[A-Za-z0-9+_-]{1,32}){0,2}")

fields.REASONS["unknown_time_zone"] = Text(
    ru="Нужно имя часового пояса, например Europe/Moscow.",
    en="A time zone's name is needed, such as Europe/Moscow.",
)


class ContactTaken(Problem):
    """Told only to somebody who has just proven the contact to be theirs."""

    status = 409
    code = "contact_taken"
    title = Text(
        ru="С этим контактом уже есть аккаунт. Войдите в него.",
        en="There already is an account with this contact. Sign in to it.",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The account somebody asks for: its one contact, its secret if it has one yet."""

    login: str
    password: str | None
    language: Language
    time_zone: str
    network: str


def _known_zone(name: str) -> str:
    try:
        known = ZONE_NAME.fullmatch(name) and ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        known = None
    if not known:
        raise PydanticCustomError("unknown_time_zone", "unknown time zone")
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]
