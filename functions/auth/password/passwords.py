"""Passwords: which ones are taken, and how they are kept.

Any characters count, each code point once, after NFC: what one keyboard composes and another
does not is the same password. Argon2id with 19 MiB, two passes and one lane (OWASP) takes about
63 ms on a function of 1024 MB.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from auth.password import imported
from common import fields
from common.errors import Invalid
from common.language import Text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FEWEST, ADVISED, MOST = 8, 15, 128
# One code point is typed as at most four; normalising costs more than linear time.
MOST_TYPED = 4 * MOST

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
SALT_BYTES = 16
# Of a password nobody has: an unknown login costs what a known one does.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$Sj5WDFpGhCkrK8gZ1XG3jQ"
    "$gHgLLyVYryJce4RHv9cdBi/fXM8vRAkQ3y+O18LTvTg"
)

# Shorter words of the context are part of too many good passwords.
SHORTEST_WORD = 4

fields.REASONS["password_guessable"] = Text(
    ru="Пароль легко угадать: в нём название магазина или ваш адрес.",
    en="This password is easy to guess: it is made of the shop's name or your address.",
)
fields.REASONS["password_common"] = Text(
    ru="Этот пароль есть в списках украденных: его подберут первым. Придумайте другой.",
    en="This password is on lists of stolen ones: it would be tried first. Choose another.",
)
fields.REASONS["password_too_short"] = Text(
    ru=f"Нужно не меньше {FEWEST} знаков, а лучше {ADVISED} и больше.",
    en=f"At least {FEWEST} characters are needed; {ADVISED} or more are better.",
)
fields.REASONS["password_too_long"] = Text(
    ru=f"Не больше {MOST} знаков.", en=f"No more than {MOST} characters."
)


def _composed(typed: str) -> str:
    text = unicodedata.normalize("NFC", typed) if len(typed) <= MOST_TYPED else typed
    if len(text) > MOST:
        raise PydanticCustomError("password_too_long", "password too long")
    return text


def _long_enough(password: str) -> str:
    if len(password) < FEWEST:
        raise PydanticCustomError("password_too_short", "password too short")
    return password


Password = Annotated[str, AfterValidator(_composed)]
NewPassword = Annotated[Password, AfterValidator(_long_enough)]


def is_common(password: str) -> bool:
    """Whether *password* is one of the leaked ones, the names and the words that are tried first.

    In any case, with spaces or without. The lists are zxcvbn's: 94,000 entries, read in a seventh
    of a second by whoever sets the first password of a process.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    folded = _folded(password)
    return any(folded in ranked for ranked in FREQUENCY_LISTS.values())


def is_guessable(password: str, context: Iterable[str]) -> bool:
    """Whether little is left of *password* beside the words of its context."""
    folded = _folded(password)
    rest = folded
    for word in map(_folded, context):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, "")
    return rest != folded and len(rest) < FEWEST


def require_unguessable(field: str, password: str, context: tuple[str, str]) -> None:
    """Invalid, at *field*, where *password* is a common one, or made of its *context*: the shop's
    name and the login it is for (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2.4 and 6.2.11)."""
    shop, login = context
    if is_guessable(password, (shop, login, login.partition("@")[0])):
        raise Invalid(errors=[{"field": field, "code": "password_guessable"}])
    if is_common(password):
        raise Invalid(errors=[{"field": field, "code": "password_common"}])


def hashed(password: str, salt: bytes | None = None) -> str:
    """The hash to keep, with its parameters. The salt is random unless one is given."""
    return _hasher().hash(password, salt=salt)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether *password* is the one kept; with no hash, the same work and False.

    A hash of another shop is looked at too: whoever is right is hashed anew by the caller, whoever
    is wrong costs that here, so that what was imported is never answered sooner than what is not.
    """
    if password_hash and imported.is_known(password_hash):
        return imported.matches(password_hash, password) or _matches(None, password)
    return _matches(password_hash, password)


def _matches(password_hash: str | None, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        _hasher().verify(password_hash or NOBODYS, password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made by another shop, or with other parameters than today's."""
    return imported.is_known(password_hash) or _hasher().check_needs_rehash(password_hash)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def _folded(text: str) -> str:
    """Without case and spaces."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())
