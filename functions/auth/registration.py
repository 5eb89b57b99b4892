"""A registration: an address somebody claims, until a code from its mailbox proves it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from common import fields
from common.errors import Problem
from common.language import Language, Text

VALID = timedelta(minutes=30)
# Longer than it is valid: a repeated Idempotency-Key finds it for a day.
KEPT = timedelta(hours=24)
MOST_ATTEMPTS = 5

ZONE_NAME = re.compile(r"[A-Za-z0-9+_-]{1,32}(?:/[A-Za-z0-9+_-]{1,32}){0,2}")

fields.REASONS["unknown_time_zone"] = Text(
    ru="Нужно имя часового пояса, например Europe/Moscow.",
    en="A time zone's name is needed, such as Europe/Moscow.",
)


class RegistrationOver(Problem):
    """There is no such registration, it is out of date, or it has been confirmed: all alike."""

    status = 404
    code = "registration_over"
    title = Text(
        ru="Эта регистрация завершена или устарела. Войдите или начните заново.",
        en="This registration is finished or out of date. Sign in, or start again.",
    )


class AttemptsUsedUp(Problem):
    status = 409
    code = "attempts_used_up"
    title = Text(
        ru="Попытки закончились. Начните регистрацию заново.",
        en="No attempts are left. Start the registration again.",
    )


class WrongCode(Problem):
    """`attempts_left` says how many more codes may be tried."""

    status = 422
    code = "wrong_code"
    title = Text(ru="Код не подошёл.", en="That is not the code.")


class AddressTaken(Problem):
    """Told only to somebody who has just proven the address to be theirs."""

    status = 409
    code = "address_taken"
    title = Text(
        ru="С этим адресом уже есть аккаунт. Войдите в него.",
        en="There already is an account with this address. Sign in to it.",
    )


@dataclass(frozen=True, slots=True)
class Registration:
    """What was asked for; `lettered` once its mailbox has been written to."""

    id: str
    email: str
    password_hash: str
    language: Language
    time_zone: str
    requested_at: datetime
    code_hash: str | None = None
    attempts: int = 0
    lettered: bool = False
    consumed: bool = False

    @property
    def valid_until(self) -> datetime:
        return self.requested_at + VALID

    def is_open(self, at: datetime) -> bool:
        return not self.consumed and at < self.valid_until

    def asks_the_same(self, other: "Registration") -> bool:
        mine = (self.email, self.password_hash, self.language, self.time_zone)
        return mine == (other.email, other.password_hash, other.language, other.time_zone)


def why_refused(asked: Registration | None, at: datetime) -> Problem:
    """Why no code may be tried for the registration as it stands."""
    gone = asked is None or not asked.is_open(at)
    return RegistrationOver() if gone else AttemptsUsedUp()


def _known_zone(name: str) -> str:
    try:
        known = ZONE_NAME.fullmatch(name) and ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        known = None
    if not known:
        raise PydanticCustomError("unknown_time_zone", "unknown time zone")
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]
