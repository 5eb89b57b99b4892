"""Tokens of "this was not me" links: whose sign-in it was. They last a week.

auth takes them, notify puts them into letters: no event and no table holds one. A token names a
customer and an entry of their history of sign-ins, whose id tells when it was, and a keyed hash
says that this shop made it. It opens nothing; it can only close.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from common import ids, pepper
from common.errors import NotFound

LIFETIME = timedelta(days=7)
MAC_BYTES = 16
FORM = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})-([a-z2-7]{26})")
PATH = "/v1/auth/not-me/"


@dataclass(frozen=True, slots=True)
class Link:
    """Whose sign-in, and which."""

    customer_id: str
    entry_id: str


def seal(link: Link) -> str:
    return f"{UUID(link.customer_id).hex}-{UUID(link.entry_id).hex}-{_mac(link)}"


def unseal(token: str, at: datetime) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it, within a week before."""
    parts = FORM.fullmatch(token)
    if parts is None:
        raise NotFound
    link = Link(str(UUID(parts[1])), str(UUID(parts[2])))
    genuine = hmac.compare_digest(parts[3], _mac(link))
    if not genuine or at >= ids.made_at(link.entry_id) + LIFETIME:
        raise NotFound
    return link


def _mac(link: Link) -> str:
    mac = pepper.mac("not-me", link.customer_id, link.entry_id)[:MAC_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower()
