"""A row of an import, and the customer that it makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from auth import phones
from auth.password import imported
from common import emails
from common.language import Language


class Outcome(StrEnum):
    """What became of a row: known is whoever has an account already, by any of the contacts."""

    IMPORTED = "imported"
    KNOWN = "known"
    REJECTED = "rejected"


class Unacceptable(Exception):
    """The row makes no customer; the message is the code that says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a file tells of one customer, as it stands there."""

    email: str | None
    phone: str | None
    name: str | None
    password_hash: str | None
    language: Language
    marketing: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A customer to be made. `password_hash` only where it can be held against a password."""

    email: str | None
    phone: str | None
    name: str | None
    password_hash: str | None
    language: Language
    marketing: bool

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(login for login in (self.email, self.phone) if login)


def wanted(row: Row, countries: Sequence[str]) -> Wanted:
    """The customer that *row* tells of. Unacceptable without a true contact."""
    email = emails.canonical(row.email) if row.email else None
    phone = phones.canonical(row.phone, countries) if row.phone else None
    if row.email and not email:
        raise Unacceptable("email")
    if row.phone and not phone:
        raise Unacceptable("phone")
    if not (email or phone):
        raise Unacceptable("no_contact")
    taken = row.password_hash and imported.is_known(row.password_hash)
    secret = row.password_hash if taken else None
    return Wanted(email, phone, row.name, secret, row.language, row.marketing)
