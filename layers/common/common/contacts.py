"""Contacts as keys: what tells that two are the same, and nothing else about them.

A capability that may not know an address can compare its key with one that another capability
published. Under the shop's pepper a key cannot be found by trying addresses.
"""

from typing import Literal

from common import pepper

type Kind = Literal["email", "phone"]


def key(kind: Kind, contact: str) -> str:
    """The key of *contact* in its one form: `emails.canonical`, or E.164."""
    return pepper.mac("contact", kind, contact).hex()[:32]
