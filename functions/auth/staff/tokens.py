"""What lets somebody into the staff: a token by letter, then the secret of an authenticator.

A token is 256 random bits and kept as a keyed hash: a table that leaks lets nobody in.
"""

import base64
import secrets

from common import pepper

TOKEN_BYTES = 32
SECRET_BYTES = 20


def new() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(invitation_id: str, token: str) -> str:
    return pepper.mac("staff-invitation", invitation_id, token).hex()


def new_secret() -> str:
    """160 random bits, in base 32 as authenticator apps take them."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
