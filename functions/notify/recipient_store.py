"""Recipients in DynamoDB.

pk             sk          what
CUSTOMER#<id>  CONTACT     where the customer is reached, as auth last told
CUSTOMER#<id>  MARKETING   version, sent {message id: second}: what went out in a week
ADDRESS#<hash> SUPPRESSED  an address or number that a channel is closed to, and why

An address is named by a keyed hash, so that the list holds nobody's.
"""

from datetime import datetime

from common import pepper, table
from common.conditions import Attr
from notify.message import Channel, Contact
from notify.preferences import store as preferences
from notify.recipient import Recent, Recipient


def save_contact(contact: Contact, version: int) -> bool:
    """Keep *contact*; False when one as new is there already."""
    row = {
        "pk": _pk(contact.customer_id),
        "sk": "CONTACT",
        "customer_id": contact.customer_id,
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
        "time_zone": contact.time_zone,
        "subject_version": version,
    }
    try:
        table.apply(table.put(row, table.ABSENT | Attr("subject_version").lt(version)))
    except table.ConditionFailed:
        return False
    return True


def recipient(customer_id: str) -> Recipient | None:
    """Who the customer is to notify, or None before auth has told."""
    known, chosen, recent = table.get_many(
        (table.OWN, _pk(customer_id), "CONTACT"),
        preferences.key(customer_id),
        (table.OWN, _pk(customer_id), "MARKETING"),
    )
    if known is None:
        return None
    contact = _contact(known)
    return Recipient(contact, preferences.parse(chosen), _recent(recent), _closed(contact))


def _closed(contact: Contact) -> set[Channel]:
    """The channels that are closed to the addresses of *contact*."""
    places = {channel: _suppression(channel, a) for channel, a in contact.addresses.items()}
    if not places:
        return set()
    rows = table.get_many(*((table.OWN, p["pk"], p["sk"]) for p in places.values()))
    return {channel for channel, row in zip(places, rows, strict=True) if row}


def suppress(channel: Channel, address: str, reason: str, now: datetime) -> None:
    """Close *channel* to *address*: no provider is to be asked again."""
    kept = {"channel": channel, "reason": reason, "suppressed_at": now.isoformat()}
    table.apply(table.put({**_suppression(channel, address), **kept}, condition=None))


def in_time(customer_id: str, recent: Recent, after: Recent) -> table.Write:
    """The write that counts marketing; refused when another message was counted since."""
    row = {"pk": _pk(customer_id), "sk": "MARKETING"}
    as_read = table.ABSENT if recent.version == 0 else Attr("version").eq(recent.version)
    return table.put({**row, "version": after.version, "sent": dict(after.sent)}, as_read)


def _suppression(channel: Channel, address: str) -> table.Item:
    return {"pk": f"ADDRESS#{pepper.mac('address', channel, address).hex()}", "sk": "SUPPRESSED"}


def _contact(row: table.Item) -> Contact:
    where = row["email"], row.get("phone")
    return Contact(row["customer_id"], *where, row["language"], row["time_zone"])


def _recent(row: table.Item | None) -> Recent:
    return Recent(row["version"], row["sent"]) if row else Recent()


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
