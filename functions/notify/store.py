"""Messages in DynamoDB.

pk                   sk              what
CUSTOMER#<id>        MESSAGE#<id>    one letter: its words and how far it got
CHALLENGE#<id>       MESSAGE#<id>    the same of a sealed letter: no words, gone after CODES_KEPT
PUSHED#<mark>        MESSAGE#<id>    the same of a push to one device: no words, gone as those are
SANDBOX              <id>#<channel>  a call, messenger text or push that no provider is set up for

A message's id derives from its event's, so its row is what makes one message of many deliveries.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common import clock, erasure, outbox, table, timers
from common.conditions import Attr, Condition
from common.events.notify import MessageRead, MessageSent, MessageSuppressed
from common.expressions import Path
from common.language import Language
from notify.message import Channel, Kind, Message, Reason, State, Topic

# A function lives ten seconds: a claim older than this belongs to one that died.
LEASE = timedelta(seconds=15)
# Past the fourteen days in which a queue may still deliver the event again.
CODES_KEPT = timedelta(days=30)
SANDBOX_KEPT = timedelta(days=1)
DEFERRED = "message_deferred"


class BeingSent(Exception):
    """Another delivery of the same event is sending its letter at this moment."""


class Changed(Exception):
    """What decided about a message changed before it could be claimed: decide anew."""


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


def of_device(mark: str) -> str:
    return f"PUSHED#{mark}"


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


def take(claim: Claim, message: Message, now: datetime, *guards: table.Write) -> bool:
    """Claim *message* for sending; False when an earlier delivery has settled it.

    Raise BeingSent while the claim of another delivery holds, Changed when *guards* refuse.
    """
    put = table.put(_row(claim, message, now), _free(now))
    try:
        table.commit(put, *guards) if guards else table.apply(put)
    except table.ConditionFailed as refused:
        if 0 not in refused.found:
            raise Changed from refused
        earlier = refused.found[0] or {}
        if earlier.get("attempt") == claim.attempt:
            return True  # the answer to this very write was lost and the SDK wrote again
        if earlier.get("state") == State.CREATED:
            raise BeingSent from refused
        return False
    return True


def defer(
    claim: Claim, message: Message, occasion: str, waking: table.Write, now: datetime
) -> bool:
    """Let *message* wait for *occasion*, which *waking* brings about. False when it waits for that
    already, was settled, or the customer is erased."""
    waits = {"state": State.DEFERRED, "claimed_until": 0, "waits_for": occasion}
    another = Attr("waits_for").not_exists() | Attr("waits_for").ne(occasion)
    put = table.put(_row(claim, message, now) | waits, _free(now) & another)
    return _written(claim, put, waking)


def waking(claim: Claim, due: datetime) -> table.Write:
    """What brings the message up again at *due*."""
    subject = {"owner": claim.owner, "message_id": claim.message_id}
    return timers.arm(timers.Timer(DEFERRED, claim.message_id, due, subject))


def stop(claim: Claim, message: Message, event: MessageSuppressed, now: datetime) -> bool:
    """Note that a gate stopped *message*, and tell. False when it was settled before,
    or the customer is erased."""
    row = _row(claim, message, now) | {"state": State.SUPPRESSED, "reason": event.reason}
    return _written(claim, table.put(row, _free(now)), outbox.row(event))


def _free(now: datetime) -> Condition:
    """Nobody has settled the message, and nobody is at it."""
    left = Attr("state").eq(State.CREATED) & Attr("claimed_until").lte(int(now.timestamp()))
    return table.ABSENT | left | Attr("state").eq(State.DEFERRED)


def _written(claim: Claim, *writes: table.Write) -> bool:
    alive = erasure.alive(claim.owner.removeprefix(of_customer("")))
    try:
        table.commit(*writes, alive)
    except table.ConditionFailed:
        return False
    return True


def has_gone(customer_id: str, message_id: str) -> bool:
    """Whether the message was handed over, or would have been, had anybody taken it."""
    found = message(customer_id, message_id)
    return found is not None and found.state in (State.SENT, State.FAILED)


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


def mark_read(event: MessageRead) -> None:
    """Note that the customer has read the message, and tell; nothing where that was noted."""
    change = table.update(
        of_customer(event.customer_id),
        f"MESSAGE#{event.message_id}",
        assign={"read_at": event.occurred_at.isoformat()},
        condition=Attr("state").eq(State.SENT) & Attr("read_at").not_exists(),
    )
    with suppress(table.ConditionFailed):
        table.commit(change, outbox.row(event))


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
    if claim.owner.startswith((of_challenge(""), of_device(""))):
        return row | {"expires_at": int((now + CODES_KEPT).timestamp())}
    words = {"subject": message.subject, "text": message.text, "topic": message.topic}
    return row | words | ({"told": message.told} if message.told else {})


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
        topic=Topic(row["topic"]) if row.get("topic") else None,
        reason=Reason(row["reason"]) if "reason" in row else None,
        told=row.get("told", ""),
        read_at=datetime.fromisoformat(row["read_at"]) if "read_at" in row else None,
    )


def _channel(row: table.Item) -> Channel | None:
    """Rows of the time when there were letters only name no channel."""
    return Channel(row.get("channel", Channel.EMAIL)) if "sent_at" in row else None
