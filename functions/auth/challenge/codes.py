"""One-time codes of six digits, kept as keyed hashes bound to what they prove."""

import hmac
from typing import Annotated

from pydantic import StringConstraints

from common import pepper

DIGITS = 6
NO_HASH = "0" * 64

# A string: an integer would lose its leading zeros. Other scripts' digits are no digits here.
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


def hashed(purpose: str, challenge_id: str, code: str) -> str:
    """What is kept of *code*: useless without the pepper, for any other challenge or purpose."""
    return pepper.mac("code", purpose, challenge_id, code).hex()


def matches(code_hash: str | None, purpose: str, challenge_id: str, code: str) -> bool:
    """Whether *code* is the one kept, in constant time, also where none is."""
    given = hashed(purpose, challenge_id, code)
    return hmac.compare_digest(code_hash or NO_HASH, given)
