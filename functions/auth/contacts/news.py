"""What a change of contacts tells, and the links by which it is undone."""

import json
from datetime import datetime

from auth.account import Account
from auth.contacts import tokens
from auth.contacts.contact import kind_of, told
from auth.profile.facts import facts
from auth.profile.profile import Profile
from common import contacts, ids, sealing
from common.events import Event
from common.events.auth import ContactsProven, ContactUndoOffered


def changed(before: Profile, after: Profile, at: datetime) -> list[Event]:
    """How the customer is reached from now on, and whose guest's orders may be claimed."""
    known = {"email": after.email, "phone": after.phone}
    proven = ContactsProven(
        id=ids.derived(after.id, f"{ContactsProven.name}#{after.version}"),
        occurred_at=at,
        subject_version=after.version,
        customer_id=after.id,
        contact_keys=tuple(contacts.key(kind_of(c), c) for c in known.values() if c),
    )
    return [*facts(before, after, at), proven]


def undo_links(before: Account, after: Account, language: str) -> list[Event]:
    """A link for each contact that is to hear of the newest change of *after*."""
    change = after.changes[-1]
    token = tokens.seal(tokens.Link(after.id, change.id))
    return [
        ContactUndoOffered(
            id=ids.derived(change.id, f"undo#{kind_of(to)}"),
            occurred_at=change.at,
            challenge_id=change.id,
            channel="email" if kind_of(to) == "email" else "sms",
            language=language,
            letter=sealing.seal(change.id, json.dumps({"to": to, "token": token})),
        )
        for to in told(before, after)
    ]
