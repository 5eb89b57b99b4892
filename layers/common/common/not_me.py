"""Tokens of "this was not me" links: whose sign-in it was. They last a week.

auth takes them, notify puts them into letters: no event and no table holds one. A token names a
customer and an entry of their history of sign-ins, whose id tells when it was, and a keyed hash
says that this shop made it. It opens nothing; it can only close.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common import ids, links
from common.errors import NotFound

LIFETIME = timedelta(days=7)
PURPOSE = "not-me"
PATH = "/v1/auth/not-me/"


@dataclass(frozen=True, slots=True)
class Link:
    """Whose sign-in, and which."""

    customer_id: str
    entry_id: str


def seal(link: Link) -> str:
    return links.seal_ids(PURPOSE, link.customer_id, link.entry_id)


def unseal(token: str, at: datetime) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it, within a week before."""
    link = Link(*links.unseal_ids(PURPOSE, token))
    if at >= ids.made_at(link.entry_id) + LIFETIME:
        raise NotFound
    return link
