"""Contacts and messages in DynamoDB.

pk                   sk              what
CUSTOMER#<id>        CONTACT         where the customer's letters go, as auth last told
CUSTOMER#<id>        MESSAGE#<id>    one letter: its words and how far it got
CHALLENGE#<id>       MESSAGE#<id>    the same of a sealed letter: no words, gone after CODES_KEPT
ADDRESS#<hash>       SUPPRESSED      an address or number that a channel is closed to, and why
SANDBOX              <id>#<channel>  a call or a messenger's message that no provider is set up for

An address is named by a keyed hash, so that the list holds nobody's. A message's id derives from
its event's, so its row is what makes one message of many deliveries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common import clock, outbox, pepper, table
from common.conditions import Attr
from common.events.notify import MessageSent
from common.expressions import Path
from common.language import Language
from notify.message import Channel, Contact, Kind, Message, State

# A function lives ten seconds: a claim older than this belongs to one that died.
LEASE = timedelta(seconds=15)
# Past the fourteen days in which a queue may still deliver the event again.
CODES_KEPT = timedelta(days=30)
SANDBOX_KEPT = timedelta(days=1)


class BeingSent(Exception):
    """Another delivery of the same event is sending its letter at this moment."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt to send one letter: *attempt* tells it from any other."""

    owner: str
    message_id: str
    attempt: str


@dataclass(frozen=True, slots=True)
class Page:
    messages: Sequence[Message]
    last: table.Item | None


def of_customer(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def of_challenge(challenge_id: str) -> str:
    return f"CHALLENGE#{challenge_id}"


def save_contact(contact: Contact, version: int) -> bool:
    """Keep *contact*; False when one as new is there already."""
    row = {
        "pk": of_customer(contact.customer_id),
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


def contact(customer_id: str) -> Contact | None:
    row = table.get(of_customer(customer_id), "CONTACT")
    if row is None:
        return None
    where = row["email"], row.get("phone")
    return Contact(row["customer_id"], *where, row["language"], row["time_zone"])


def suppress(channel: Channel, address: str, reason: str, now: datetime) -> None:
    """Close *channel* to *address*: no provider is to be asked again."""
    kept = {"channel": channel, "reason": reason, "suppressed_at": now.isoformat()}
    table.apply(table.put({**_suppression(channel, address), **kept}, condition=None))


def keep_in_sandbox(channel: Channel, to: str, text: str, message_id: str) -> None:
    """Keep for a day what would have been said, where no provider is set up."""
    row = {
        "pk": "SANDBOX",
        "sk": f"{message_id}#{channel}",
        "channel": channel,
        "to": to,
        "text": text,
        "sent_at": clock.now().isoformat(),
        "expires_at": int((clock.now() + SANDBOX_KEPT).timestamp()),
    }
    table.apply(table.put(row, condition=None))


def take(claim: Claim, message: Message, now: datetime) -> bool:
    """Claim *message* for sending; False when an earlier delivery has settled it.

    Raise BeingSent while the claim of another delivery holds.
    """
    row = _row(claim, message, now)
    free = Attr("state").eq(State.CREATED) & Attr("claimed_until").lte(int(now.timestamp()))
    try:
        table.apply(table.put(row, table.ABSENT | free))
    except table.ConditionFailed as refused:
        earlier = refused.found[0] or {}
        if earlier.get("attempt") == claim.attempt:
            return True  # the answer to this very write was lost and the SDK wrote again
        if earlier.get("state") == State.CREATED:
            raise BeingSent from refused
        return False
    return True


def release(claim: Claim) -> None:
    """Nothing was sent: the next delivery need not wait for the claim to run out."""
    _settle(claim, {"claimed_until": 0})


def mark_failed(claim: Claim) -> None:
    _settle(claim, {"state": State.FAILED})


def mark_sent(claim: Claim, event: MessageSent, *, confirmed: bool) -> None:
    """The message is out: its row says so and *event* is queued, both or neither."""
    sent: dict[Path, Any] = {
        "state": State.SENT,
        "channel": event.channel,
        "sent_at": event.occurred_at.isoformat(),
        "confirmed": confirmed,
    }
    _settle(claim, sent, outbox.row(event))


def inbox(customer_id: str, limit: int, start: table.Item | None) -> Page:
    """The customer's messages, newest first."""
    page = table.query(
        of_customer(customer_id),
        table.sort_key().begins_with("MESSAGE#"),
        limit=limit,
        start=start,
        newest_first=True,
    )
    return Page([_message(row) for row in page.items], page.last)


def message(customer_id: str, message_id: str) -> Message | None:
    row = table.get(of_customer(customer_id), f"MESSAGE#{message_id}")
    return _message(row) if row else None


def _settle(claim: Claim, outcome: Mapping[Path, Any], *others: table.Write) -> None:
    """Note *outcome*, unless another delivery has settled the message meanwhile."""
    change = table.update(
        claim.owner,
        f"MESSAGE#{claim.message_id}",
        assign=outcome,
        condition=Attr("state").eq(State.CREATED),
    )
    try:
        table.commit(change, *others)
    except table.ConditionFailed:
        return


def _row(claim: Claim, message: Message, now: datetime) -> table.Item:
    row = {
        "pk": claim.owner,
        "sk": f"MESSAGE#{message.id}",
        "id": message.id,
        "letter": message.letter,
        "kind": message.kind,
        "language": message.language,
        "state": message.state,
        "created_at": message.created_at.isoformat(),
        "attempt": claim.attempt,
        "claimed_until": int((now + LEASE).timestamp()),
    }
    if claim.owner.startswith(of_challenge("")):
        return row | {"expires_at": int((now + CODES_KEPT).timestamp())}
    return row | {"subject": message.subject, "text": message.text}


def _message(row: table.Item) -> Message:
    return Message(
        id=row["id"],
        letter=row["letter"],
        kind=Kind(row["kind"]),
        language=Language(row["language"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        subject=row["subject"],
        text=row["text"],
        state=State(row["state"]),
        sent_at=datetime.fromisoformat(row["sent_at"]) if "sent_at" in row else None,
        channel=_channel(row),
    )


def _channel(row: table.Item) -> Channel | None:
    """Rows of the time when there were letters only name no channel."""
    return Channel(row.get("channel", Channel.EMAIL)) if "sent_at" in row else None


def _suppression(channel: Channel, address: str) -> table.Item:
    return {"pk": f"ADDRESS#{pepper.mac('address', channel, address).hex()}", "sk": "SUPPRESSED"}
