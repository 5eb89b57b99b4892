"""What lets somebody into the staff: a token by letter, then the secret of an authenticator.

A token is 256 random bits and kept as a keyed hash: a table that leaks lets nobody in.
"""

import secrets

from auth.sign_in import totp
from common import pepper

TOKEN_BYTES = 32


def new() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(invitation_id: str, token: str) -> str:
    return pepper.mac("staff-invitation", invitation_id, token).hex()


def new_secret() -> str:
    """The secret of an authenticator, drawn anew."""
    return totp.secret_of(secrets.token_bytes(totp.SECRET_BYTES))
