"""Links to shared wish lists: unguessable, and dead once the list is shared no longer.

A link names the list and nobody; the MAC under the pepper covers the time it was shared.
"""

import hmac
from dataclasses import dataclass

from common import pepper

MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    list_id: str
    mac: str


def token(list_id: str, shares: int) -> str:
    return f"{list_id}.{_mac(list_id, shares)}"


def parse(text: str) -> Link:
    """What the text of a link names; whether it is genuine, the list's row tells."""
    list_id, _, mac = text.partition(".")
    return Link(list_id, mac)


def opens(link: Link, shares: int) -> bool:
    return hmac.compare_digest(link.mac.encode(), _mac(link.list_id, shares).encode())


def _mac(list_id: str, shares: int) -> str:
    return pepper.mac("wish-list", list_id, str(shares))[:MAC_BYTES].hex()
