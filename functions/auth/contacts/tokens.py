"""Tokens of undo links: whose change of a contact is to be undone."""

from dataclasses import dataclass

from common import links

PURPOSE = "contact-undo"


@dataclass(frozen=True, slots=True)
class Link:
    customer_id: str
    change_id: str


def seal(link: Link) -> str:
    return links.seal_ids(PURPOSE, link.customer_id, link.change_id)


def unseal(token: str) -> Link:
    """The link that *token* names. NotFound unless this shop sealed it."""
    return Link(*links.unseal_ids(PURPOSE, token))
