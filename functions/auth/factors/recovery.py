"""Recovery codes: ten, each good once, for whoever has lost the way to show their factor.

Of a code its Argon2id hash is kept, salted and keyed by the pepper (ASVS 6.5.2): fifty random bits
are too few for less.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

from auth.password.passwords import LANES, MEMORY_KIB, PASSES, SALT_BYTES
from common import pepper

MANY = 10
# Without what is taken for something else: 0 and o, 1, i and l, u and v.
ALPHABET = "23456789abcdefghjkmnpqrstwxyz"
HALF = 5
HASH_BYTES = 16

RecoveryCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{5}-?[0-9A-Za-z]{5}$")]


def new() -> list[str]:
    """Ten codes, as they are shown: `k7m2p-x9qrt`."""
    return [f"{_half()}-{_half()}" for _ in range(MANY)]


def hashed(subject_id: str, codes: Sequence[str]) -> tuple[str, ...]:
    """What is kept of *codes*: their common salt with each one's hash."""
    salt = secrets.token_bytes(SALT_BYTES)
    return tuple(_kept(subject_id, code, salt) for code in codes)


def match(subject_id: str, kept: Sequence[str], code: str) -> str | None:
    """The one of *kept* that *code* is, or None."""
    if not kept:
        return None
    salt = base64.b64decode(kept[0].partition(".")[0])
    given = _kept(subject_id, code, salt)
    return next((one for one in kept if hmac.compare_digest(one, given)), None)


def _half() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(HALF))


def _kept(subject_id: str, code: str, salt: bytes) -> str:
    from argon2.low_level import Type, hash_secret_raw

    plain = pepper.mac("recovery-code", subject_id, code.lower().replace("-", ""))
    hashed = hash_secret_raw(plain, salt, PASSES, MEMORY_KIB, LANES, HASH_BYTES, Type.ID)
    return ".".join(base64.b64encode(part).decode() for part in (salt, hashed))
