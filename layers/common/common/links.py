"""Tokens of links in letters: a keyed hash says that this shop made them, and nothing is stored.

They open nothing but what they are for: the hash covers their purpose.
"""

import base64
import hmac
import re
from uuid import UUID

from common import pepper
from common.errors import NotFound

MAC_BYTES = 16
# What a token's hash looks like, at its end.
MAC = r"([a-z2-7]{26})"
IDS = re.compile(rf"([0-9a-f]{{32}})-([0-9a-f]{{32}})-{MAC}")


def mac(purpose: str, *parts: str) -> str:
    """The hash of *parts*, for a token of that *purpose*."""
    digest = pepper.mac(purpose, *parts)[:MAC_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def require(shown: str, purpose: str, *parts: str) -> None:
    """NotFound unless *shown* is the hash of *parts*."""
    if not hmac.compare_digest(shown, mac(purpose, *parts)):
        raise NotFound


def seal_ids(purpose: str, owner_id: str, thing_id: str) -> str:
    """A token that names somebody and a thing of theirs."""
    return f"{UUID(owner_id).hex}-{UUID(thing_id).hex}-{mac(purpose, owner_id, thing_id)}"


def unseal_ids(purpose: str, token: str) -> tuple[str, str]:
    """Whom and what *token* names. NotFound unless this shop sealed it for the *purpose*."""
    parts = IDS.fullmatch(token)
    if parts is None:
        raise NotFound
    owner_id, thing_id = str(UUID(parts[1])), str(UUID(parts[2]))
    require(parts[3], purpose, owner_id, thing_id)
    return owner_id, thing_id
