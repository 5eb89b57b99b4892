"""Recipients in DynamoDB.

pk             sk          what
CUSTOMER#<id>  CONTACT     where the customer is reached, as auth last told; closed_<channel>: hash
CUSTOMER#<id>  MARKETING   version, sent {message id: second}: what went out in a week
ADDRESS#<hash> SUPPRESSED  an address or number that a channel is closed to, and why

An address is named by a keyed hash, so that the list holds nobody's. A contact notes the hash of an
address of its own that is on the list, so that a message needs no read of the list.
"""

from datetime import datetime

from common import erasure, pepper, table
from common.conditions import Attr, as_read
from notify.message import Channel, Contact
from notify.preferences import store as preferences
from notify.push import store as devices
from notify.recipient import Recent, Recipient


class CustomerGone(Exception):
    """The customer is erased: nobody is to be written to."""


def save_contact(contact: Contact, version: int) -> bool:
    """Keep *contact*; False when one as new is there already, or the customer erased."""
    row = {
        "pk": _pk(contact.customer_id),
        "sk": "CONTACT",
        "customer_id": contact.customer_id,
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
        "time_zone": contact.time_zone,
        "subject_version": version,
        **_known_closed(contact),
    }
    try:
        newer = table.put(row, table.ABSENT | Attr("subject_version").lt(version))
        table.commit(newer, erasure.alive(contact.customer_id))
    except table.ConditionFailed:
        return False
    return True


def recipient(customer_id: str, *, marketing: bool) -> Recipient | None:
    """Who the customer is to notify, or None before auth has told.

    What went out lately is read for *marketing* only. CustomerGone when they are erased.
    """
    erased, known, chosen, registered, *recent = table.get_many(
        erasure.key(customer_id),
        (table.OWN, _pk(customer_id), "CONTACT"),
        preferences.key(customer_id),
        devices.key(customer_id),
        *([(table.OWN, _pk(customer_id), "MARKETING")] if marketing else []),
    )
    if erased:
        raise CustomerGone
    if known is None:
        return None
    contact = _contact(known)
    lately = _recent(recent[0]) if recent else Recent()
    closed = _closed(known, contact)
    return Recipient(contact, preferences.parse(chosen), lately, closed, devices.parse(registered))


def still_reached(customer_id: str, address: str, version: int) -> table.Write:
    """The check that *address*, which was the customer's at *version* of their contacts, is so
    still, as far as auth has told."""
    same = Attr("email").eq(address) | Attr("phone").eq(address)
    as_old = table.ABSENT | Attr("subject_version").lte(version)
    return table.check(_pk(customer_id), "CONTACT", as_old | same)


def _closed(row: table.Item, contact: Contact) -> set[Channel]:
    """The channels that are closed to the addresses of *contact*, and not to an earlier one's."""
    return {
        channel
        for channel, address in contact.addresses.items()
        if row.get(f"closed_{channel}") and row[f"closed_{channel}"] == _hash(channel, address)
    }


def _known_closed(contact: Contact) -> dict[str, str]:
    """What the list says of the addresses of *contact*, as its row notes it."""
    hashes = {channel: _hash(channel, a) for channel, a in contact.addresses.items()}
    if not hashes:
        return {}
    rows = table.get_many(*((table.OWN, f"ADDRESS#{h}", "SUPPRESSED") for h in hashes.values()))
    found = zip(hashes.items(), rows, strict=True)
    return {f"closed_{channel}": hash_ for (channel, hash_), row in found if row}


def suppress(
    channel: Channel, address: str, reason: str, now: datetime, customer_id: str | None
) -> None:
    """Close *channel* to *address*, which is the customer's if one is named: no provider is to be
    asked again."""
    hash_ = _hash(channel, address)
    kept = {"channel": channel, "reason": reason, "suppressed_at": now.isoformat()}
    listed = {"pk": f"ADDRESS#{hash_}", "sk": "SUPPRESSED"}
    table.apply(table.put({**listed, **kept}, condition=None))
    if customer_id is not None:
        table.apply(table.update(_pk(customer_id), "CONTACT", assign={f"closed_{channel}": hash_}))


def in_time(customer_id: str, recent: Recent, after: Recent) -> table.Write:
    """The write that counts marketing; refused when another message was counted since."""
    row = {"pk": _pk(customer_id), "sk": "MARKETING"}
    return table.put(
        {**row, "version": after.version, "sent": dict(after.sent)}, as_read(recent.version)
    )


def _hash(channel: Channel, address: str) -> str:
    return pepper.mac("address", channel, address).hex()


def _contact(row: table.Item) -> Contact:
    where = row["email"], row.get("phone")
    return Contact(row["customer_id"], *where, row["language"], row["time_zone"])


def _recent(row: table.Item | None) -> Recent:
    return Recent(row["version"], row["sent"]) if row else Recent()


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
