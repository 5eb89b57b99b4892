"""Tokens of undo links: whose change of a contact is to be undone.

Nothing of them is stored: a keyed hash says that this shop made it. They open nothing but this.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from common import pepper
from common.errors import NotFound

MAC_BYTES = 16
FORM = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})-([a-z2-7]{26})")


@dataclass(frozen=True, slots=True)
class Link:
    customer_id: str
    change_id: str


def seal(link: Link) -> str:
    return f"{UUID(link.customer_id).hex}-{UUID(link.change_id).hex}-{_mac(link)}"


def unseal(token: str) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it."""
    parts = FORM.fullmatch(token)
    if parts is None:
        raise NotFound
    link = Link(str(UUID(parts[1])), str(UUID(parts[2])))
    if not hmac.compare_digest(parts[3], _mac(link)):
        raise NotFound
    return link


def _mac(link: Link) -> str:
    mac = pepper.mac("contact-undo", link.customer_id, link.change_id)[:MAC_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower()
