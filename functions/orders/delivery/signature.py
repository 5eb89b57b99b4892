"""How the shop and its carrier know each other: HMAC-SHA-256 over the moment and the body.

The header reads `t=<Unix seconds>,v1=<hex>`; v1 signs `<t>.<body>` with the shared secret. Pure.
"""

import hashlib
import hmac
import re
from datetime import datetime

HEADER = "Kabinet-Signature"
OLDEST_SECONDS = 300
FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def signed(secret: bytes, body: str, at: datetime) -> str:
    """The header that goes with *body*."""
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_mac(secret, moment, body)}"


def is_genuine(secret: bytes, body: str, header: str | None, at: datetime) -> bool:
    """Whether *header* signs *body*, and did so within OLDEST_SECONDS of *at*."""
    found = FORM.fullmatch(header or "")
    if found is None or not hmac.compare_digest(_mac(secret, found[1], body), found[2]):
        return False
    return abs(at.timestamp() - int(found[1])) <= OLDEST_SECONDS


def _mac(secret: bytes, moment: str, body: str) -> str:
    return hmac.digest(secret, f"{moment}.{body}".encode(), hashlib.sha256).hex()
