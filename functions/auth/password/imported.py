"""Hashes that came with customers from another shop: read once, at the first sign-in.

The form and the cost are read strictly before anything is computed: a hash that would take longer
than a sign-in may is none. Passwords go in as their first system took them: bcrypt sees 72 bytes,
WordPress hashes with HMAC before bcrypt.
"""

import base64
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

BCRYPT = r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}"
MOST_BCRYPT_ROUNDS = 12
BCRYPT_BYTES = 72
ITOA64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FEWEST_PHPASS_ROUNDS, MOST_PHPASS_ROUNDS = 7, 17
MOST_PBKDF2_ROUNDS = 1_500_000
MOST_SCRYPT_BYTES = 64 * 1024 * 1024
MOST_SCRYPT_LANES = 2
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Format:
    """How a hash of some system looks, whether its cost is bearable, and what proves it."""

    form: re.Pattern[str]
    is_bearable: Callable[[re.Match[str]], bool]
    verify: Callable[[str, str], bool]


def is_known(password_hash: str) -> bool:
    """Whether a password can be held against *password_hash*, in bearable time."""
    return _format(password_hash) is not None


def matches(password_hash: str, password: str) -> bool:
    """Whether *password* is the one; never when the hash is not known."""
    known = _format(password_hash)
    try:
        return known is not None and known.verify(password_hash, password)
    except (ValueError, TypeError):  # a form that its library takes for broken after all
        return False


def _format(password_hash: str) -> Format | None:
    if len(password_hash) > LONGEST:
        return None
    for one in FORMATS:
        if found := one.form.fullmatch(password_hash):
            return one if one.is_bearable(found) else None
    return None


def _bcrypt(password_hash: str, password: str) -> bool:
    import bcrypt

    return bcrypt.checkpw(password.encode()[:BCRYPT_BYTES], password_hash.encode())


def _wordpress(password_hash: str, password: str) -> bool:
    """WordPress since 6.8."""
    digest = hmac.digest(b"wp-sha384", password.strip().encode(), "sha384")
    return _bcrypt(password_hash.removeprefix("$wp"), base64.b64encode(digest).decode())


def _phpass(password_hash: str, password: str) -> bool:
    from passlib.hash import phpass

    return bool(phpass.verify(password, password_hash))


def _pbkdf2(password_hash: str, password: str) -> bool:
    from passlib import hash as known

    return any(
        handler.verify(password, password_hash)
        for handler in (
            known.pbkdf2_sha256,
            known.pbkdf2_sha512,
            known.pbkdf2_sha1,
            known.django_pbkdf2_sha256,
            known.django_pbkdf2_sha1,
        )
        if handler.identify(password_hash)
    )


def _scrypt(password_hash: str, password: str) -> bool:
    from passlib.hash import scrypt

    return bool(scrypt.verify(password, password_hash))


def _few_rounds(found: re.Match[str]) -> bool:
    return 1 <= int(found["rounds"]) <= MOST_PBKDF2_ROUNDS


def _cheap_bcrypt(found: re.Match[str]) -> bool:
    return 4 <= int(found[1]) <= MOST_BCRYPT_ROUNDS


def _cheap_phpass(found: re.Match[str]) -> bool:
    return FEWEST_PHPASS_ROUNDS <= ITOA64.index(found[1]) <= MOST_PHPASS_ROUNDS


def _small_scrypt(found: re.Match[str]) -> bool:
    size, lanes = 128 * int(found["r"]) << int(found["ln"]), int(found["p"])
    return 0 < size <= MOST_SCRYPT_BYTES and 1 <= lanes <= MOST_SCRYPT_LANES


FORMATS = (
    Format(re.compile(BCRYPT), _cheap_bcrypt, _bcrypt),
    Format(re.compile(r"\$wp" + BCRYPT), _cheap_bcrypt, _wordpress),
    Format(re.compile(r"\$[PH]\$([./0-9A-Za-z])[./0-9A-Za-z]{30}"), _cheap_phpass, _phpass),
    Format(
        re.compile(
            r"\$pbkdf2(-sha256|-sha512)?\$(?P<rounds>\d{1,8})\$[./A-Za-z0-9]*\$[./A-Za-z0-9]+"
        ),
        _few_rounds,
        _pbkdf2,
    ),
    Format(
        re.compile(r"pbkdf2_sha(256|1)\$(?P<rounds>\d{1,8})\$[A-Za-z0-9]+\$[A-Za-z0-9+/=]+"),
        _few_rounds,
        _pbkdf2,
    ),
    Format(
        re.compile(
            r"\$scrypt\$ln=(?P<ln>\d{1,2}),r=(?P<r>\d{1,2}),p=(?P<p>\d{1,2})"
            r"\$[./+A-Za-z0-9]*\$[./+A-Za-z0-9]+"
        ),
        _small_scrypt,
        _scrypt,
    ),
)
