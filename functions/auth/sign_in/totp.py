"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds."""

import base64
import hmac
from datetime import datetime

STEP_SECONDS = 30
SECRET_BYTES = 20  # 160 bits, as RFC 4226 §4 recommends
# The step before and the one after count too: clocks differ, typing takes time.
SKEW_STEPS = (0, -1, 1)


def secret_of(drawn: bytes) -> str:
    """SECRET_BYTES random ones in base 32, as authenticator apps take them."""
    return base64.b32encode(drawn).decode()


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code *code* is, or None. It is for the caller to let a step work once."""
    from pyotp import HOTP

    now = int(at.timestamp()) // STEP_SECONDS
    codes = HOTP(secret)
    found = [s for s in SKEW_STEPS if hmac.compare_digest(codes.at(now + s), code)]
    return now + found[0] if found else None


def provisioning_uri(secret: str, login: str, issuer: str) -> str:
    """What an authenticator app reads from a QR code."""
    from pyotp import TOTP

    return TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
