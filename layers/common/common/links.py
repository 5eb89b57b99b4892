"""Tokens of links in letters: a keyed hash says that this shop made them, and nothing is stored.

They open nothing but what they are for: the hash covers their purpose. A link that works once has a
token that is drawn, of which a keyed hash is stored.
"""

import base64
import hmac
import re
import secrets
from uuid import UUID

from common import pepper
from common.errors import NotFound

MAC_BYTES = 16
# What a token's hash looks like, at its end.
MAC = r"([a-z2-7]{26})"
IDS = re.compile(rf"([0-9a-f]{{32}})-([0-9a-f]{{32}})-{MAC}")


def mac(purpose: str, *parts: str) -> str:
    """The hash of *parts*, for a token of that *purpose*."""
    return _written(pepper.mac(purpose, *parts)[:MAC_BYTES])


def require(shown: str, purpose: str, *parts: str) -> None:
    """NotFound unless *shown* is the hash of *parts*."""
    if not hmac.compare_digest(shown, mac(purpose, *parts)):
        raise NotFound


def seal_ids(purpose: str, owner_id: str, thing_id: str) -> str:
    """A token that names somebody and a thing of theirs."""
    return f"{UUID(owner_id).hex}-{UUID(thing_id).hex}-{mac(purpose, owner_id, thing_id)}"


def unseal_ids(purpose: str, token: str) -> tuple[str, str]:
    """Whom and what *token* names. NotFound unless this shop sealed it for the *purpose*."""
    ids = named(token)
    if ids is None:
        raise NotFound
    require(token.rpartition("-")[2], purpose, *ids)
    return ids


def draw(owner_id: str, thing_id: str) -> str:
    """A token that names somebody and a thing of theirs, and that nobody can guess."""
    drawn = _written(secrets.token_bytes(MAC_BYTES))
    return f"{UUID(owner_id).hex}-{UUID(thing_id).hex}-{drawn}"


def hashed(purpose: str, token: str) -> str:
    """What is stored of a drawn *token*, by which it is known again."""
    return pepper.mac(purpose, token).hex()[: 2 * MAC_BYTES]


def named(token: str) -> tuple[str, str] | None:
    """Whom and what *token* names, whoever wrote it; None if it is no such token."""
    parts = IDS.fullmatch(token)
    return (str(UUID(parts[1])), str(UUID(parts[2]))) if parts else None


def _written(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()
