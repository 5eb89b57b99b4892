"""Recovery codes: ten, each good once, for whoever has lost the way to show their factor.

Of a code its Argon2id hash is kept, salted and keyed by the pepper (ASVS 6.5.2): fifty random bits
are too few for less.
"""

import base64
import hmac
from collections.abc import Sequence
from typing import Annotated

from pydantic import StringConstraints

from auth.password.passwords import LANES, MEMORY_KIB, PASSES, SALT_BYTES
from common import pepper

MANY = 10
HALF = 5
BYTES = 7  # of a code; ten letters of base 32 show fifty of its bits
DRAWN_BYTES = MANY * BYTES + SALT_BYTES
HASH_BYTES = 16

RecoveryCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{5}-?[0-9A-Za-z]{5}$")]


def made(drawn: bytes) -> list[str]:
    """The ten codes of DRAWN_BYTES random ones, as they are shown: `k7m2p-x4qrt`."""
    return [_code(drawn[n * BYTES : (n + 1) * BYTES]) for n in range(MANY)]


def hashed(subject_id: str, drawn: bytes) -> tuple[str, ...]:
    """What is kept of the codes of *drawn*: their common salt with each one's hash."""
    codes, salt = made(drawn), drawn[MANY * BYTES :]
    return tuple(_kept(subject_id, code, salt) for code in codes)


def match(subject_id: str, kept: Sequence[str], code: str) -> str | None:
    """The one of *kept* that *code* is, or None."""
    if not kept:
        return None
    salt = base64.b64decode(kept[0].partition(".")[0])
    given = _kept(subject_id, code, salt)
    return next((one for one in kept if hmac.compare_digest(one, given)), None)


def _code(drawn: bytes) -> str:
    letters = base64.b32encode(drawn).decode().lower()
    return f"{letters[:HALF]}-{letters[HALF : 2 * HALF]}"


def _kept(subject_id: str, code: str, salt: bytes) -> str:
    from argon2.low_level import Type, hash_secret_raw

    plain = pepper.mac("recovery-code", subject_id, code.lower().replace("-", ""))
    hashed = hash_secret_raw(plain, salt, PASSES, MEMORY_KIB, LANES, HASH_BYTES, Type.ID)
    return ".".join(base64.b64encode(part).decode() for part in (salt, hashed))
