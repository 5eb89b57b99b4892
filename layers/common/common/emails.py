"""E-mail addresses, in the one form that the product knows.

What is claimed, looked up and written to is always this form, so two spellings can neither be
two accounts nor send one person's code to another. No dots or `+tags` are dropped: outside of
one provider they name different mailboxes.

A grammar of our own, since what SES delivers to is small: a dot-atom of ASCII before the `@`
(no SMTPUTF8), a host name after it. A library would bring a DNS client along for it.
"""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from common import fields
from common.language import Text

LONGEST = 254
LONGEST_LOCAL_PART = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
HOST = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")

# IDNA 2003, which Python encodes by, maps these where IDNA 2008 does not: two hosts in one text.
AMBIGUOUS = frozenset("ßẞς\u200c\u200d")

fields.REASONS["email"] = Text(
    ru="Это не похоже на адрес почты.", en="This does not look like an e-mail address."
)


def canonical(text: str) -> str | None:
    """The address in its one form, or None where *text* is none that a letter could reach."""
    local, _, host = text.strip().rpartition("@")
    if len(local) > LONGEST_LOCAL_PART or not LOCAL_PART.fullmatch(local):
        return None
    encoded = _encoded(host)
    if encoded is None or len(local) + 1 + len(encoded) > LONGEST:
        return None
    return f"{local.lower()}@{encoded}"


def _encoded(host: str) -> str | None:
    """*host* as DNS knows it, in lower case."""
    if len(host) > LONGEST or AMBIGUOUS & set(host):
        return None
    try:
        encoded = host.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return encoded if HOST.fullmatch(encoded) else None


def _required(text: str) -> str:
    address = canonical(text)
    if address is None:
        raise PydanticCustomError("email", "no e-mail address")
    return address


Email = Annotated[str, AfterValidator(_required)]
