"""Logins: an e-mail address or a phone, each in its one form."""

from collections.abc import Sequence

from auth import emails, phones
from common import fields
from common.language import Text

fields.REASONS["login"] = Text(
    ru="Это не похоже ни на адрес почты, ни на номер телефона.",
    en="This looks neither like an e-mail address nor like a phone number.",
)


def canonical(text: str, countries: Sequence[str]) -> str | None:
    """The login in its one form, or None where *text* is none that somebody could have."""
    return emails.canonical(text) if "@" in text else phones.canonical(text, countries)


def masked(login: str) -> str:
    """Enough of *login* for its owner to know it by: `a***@example.com`, `+7***67`."""
    name, at, host = login.partition("@")
    return f"{name[0]}***{at}{host}" if at else f"{login[:2]}***{login[-2:]}"
