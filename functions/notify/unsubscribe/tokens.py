"""Tokens of unsubscribe links: whose letters about what end. They last as long as the letter does.

A token is no secret that opens anything else: it names a customer and a topic, and a keyed hash
says that this shop made it.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from common import pepper
from common.errors import NotFound
from notify.message import MARKETING, Topic

MAC_BYTES = 16
FORM = re.compile(r"([0-9a-f]{32})-([a-z]{1,20})-([a-z2-7]{26})")


@dataclass(frozen=True, slots=True)
class Link:
    """Whose letters, and about what."""

    customer_id: str
    topic: Topic


def seal(link: Link) -> str:
    return f"{UUID(link.customer_id).hex}-{link.topic}-{_mac(link)}"


def unseal(token: str) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it."""
    parts = FORM.fullmatch(token)
    if parts is None or parts[2] not in MARKETING:
        raise NotFound
    link = Link(str(UUID(parts[1])), Topic(parts[2]))
    if not hmac.compare_digest(parts[3], _mac(link)):
        raise NotFound
    return link


def _mac(link: Link) -> str:
    mac = pepper.mac("unsubscribe", link.customer_id, link.topic)[:MAC_BYTES]
    return base64.b32encode(mac).decode().rstrip("=").lower()
