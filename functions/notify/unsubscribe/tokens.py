"""Tokens of unsubscribe links: whose letters about what end. They last as long as the letter does.

A token is no secret that opens anything else: it names a customer and a topic, and a keyed hash
says that this shop made it.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from common import links
from common.errors import NotFound
from notify.message import MARKETING, Topic

PURPOSE = "unsubscribe"
FORM = re.compile(rf"([0-9a-f]{{32}})-([a-z]{{1,20}})-{links.MAC}")


@dataclass(frozen=True, slots=True)
class Link:
    """Whose letters, and about what."""

    customer_id: str
    topic: Topic


def seal(link: Link) -> str:
    mac = links.mac(PURPOSE, link.customer_id, link.topic)
    return f"{UUID(link.customer_id).hex}-{link.topic}-{mac}"


def unseal(token: str) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it."""
    parts = FORM.fullmatch(token)
    if parts is None or parts[2] not in MARKETING:
        raise NotFound
    link = Link(str(UUID(parts[1])), Topic(parts[2]))
    links.require(parts[3], PURPOSE, link.customer_id, link.topic)
    return link
