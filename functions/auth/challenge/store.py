"""Challenges in DynamoDB.

pk               sk          what
CHALLENGE#<id>   CHALLENGE   what a code is to prove, with the code's hash; a day
"""

from datetime import datetime
from typing import Any

from auth.challenge.challenge import KEPT, MOST_ATTEMPTS, Challenge, Channel, Purpose
from auth.rows import seconds
from common import outbox, table
from common.conditions import Attr, Condition
from common.events import Event
from common.expressions import Item, Path
from common.language import Language


class Refused(Exception):
    """No attempt may be made; *found* is the challenge as it stands, if it is there."""

    def __init__(self, found: Challenge | None) -> None:
        super().__init__()
        self.found = found


def add(challenge: Challenge, *events: Event) -> Challenge | None:
    """Write *challenge* and queue *events*; return the challenge that stood there instead."""
    try:
        table.commit(addition(challenge), *map(outbox.row, events))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        return _challenge(row) if row else challenge
    return None


def addition(challenge: Challenge) -> table.Write:
    """The write that adds *challenge*: refused while another stands there."""
    expired = Attr("expires_at").lte(seconds(challenge.begun_at))
    return table.put(_row(challenge), table.ABSENT | expired)


def add_with(challenge: Challenge, *writes: table.Write) -> None:
    """Write *challenge* and carry out *writes*, all or nothing. Refused when one of them was."""
    try:
        table.commit(addition(challenge), *writes)
    except table.ConditionFailed as refused:
        raise Refused(None) from refused


def find(challenge_id: str) -> Challenge | None:
    row = table.get(f"CHALLENGE#{challenge_id}", "CHALLENGE")
    return _challenge(row) if row else None


def find_open(
    challenge_id: str, purpose: Purpose, at: datetime, session_id: str | None = None
) -> Challenge | None:
    """The challenge, if it is of that purpose and session, and can still be met."""
    found = find(challenge_id)
    if found is None or (found.purpose, found.session_id) != (purpose, session_id):
        return None
    return found if found.is_open(at) else None


def mark_lettered(lettered: Challenge, event: Event) -> None:
    """Queue the challenge's one letter, and keep what is known by it; nothing happens
    when it has been queued before."""
    assign: dict[Path, Any] = {
        "code_hash": lettered.code_hash,
        "subject_id": lettered.subject_id,
        "password_version": lettered.password_version,
        "at_home": lettered.at_home,
    }
    mark = table.update(
        f"CHALLENGE#{lettered.id}",
        "CHALLENGE",
        assign=assign | {"letters": 1},
        condition=Attr("letters").eq(0),
    )
    try:
        table.commit(mark, outbox.row(event))
    except table.ConditionFailed:
        return


def send_anew(challenge: Challenge, at: datetime, event: Event) -> None:
    """Let another letter be chosen for *challenge*, by the channel it names now; the code of an
    earlier one is none any more. Refused where no code may be tried."""
    again = table.update(
        f"CHALLENGE#{challenge.id}",
        "CHALLENGE",
        assign={
            "channel": challenge.channel.value,
            "to": challenge.to,
            "language": challenge.language.value,
            "code_hash": None,
            "letters": 0,
        },
        condition=_may_be_tried(challenge.purpose, challenge.session_id, at),
    )
    try:
        table.commit(again, outbox.row(event))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        raise Refused(_challenge(row) if row else None) from refused


def count_attempt(
    challenge_id: str, purpose: Purpose, at: datetime, session_id: str | None = None
) -> Challenge:
    """Count one code tried, before it is compared. Refused where none may be: another purpose's
    or another session's challenge is as if it were not there."""
    count = table.update(
        f"CHALLENGE#{challenge_id}",
        "CHALLENGE",
        add={"attempts": 1},
        condition=_may_be_tried(purpose, session_id, at),
    )
    try:
        return _challenge(table.apply(count))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        found = _challenge(row) if row else None
        mine = found and found.purpose is purpose and found.session_id == session_id
        raise Refused(found if mine else None) from refused


def _may_be_tried(purpose: Purpose, session_id: str | None, at: datetime) -> Condition:
    return (
        Attr("valid_until").gt(seconds(at))
        & Attr("attempts").lt(MOST_ATTEMPTS)
        & Attr("consumed_at").not_exists()
        & Attr("purpose").eq(purpose.value)
        & Attr("session_id").eq(session_id)
    )


def consume(challenge: Challenge, at: datetime) -> table.Write:
    """The write by which the challenge has served: refused when it has already."""
    return table.update(
        f"CHALLENGE#{challenge.id}",
        "CHALLENGE",
        assign={"consumed_at": at.isoformat()},
        condition=table.PRESENT & Attr("consumed_at").not_exists(),
    )


def _row(challenge: Challenge) -> Item:
    return {
        "pk": f"CHALLENGE#{challenge.id}",
        "sk": "CHALLENGE",
        "purpose": challenge.purpose.value,
        "channel": challenge.channel.value,
        "to": challenge.to,
        "language": challenge.language.value,
        "network": challenge.network,
        "begun_at": challenge.begun_at.isoformat(),
        "valid_until": seconds(challenge.valid_until),
        "expires_at": seconds(challenge.begun_at + KEPT),
        "subject_id": challenge.subject_id,
        "password_version": None,
        "session_id": challenge.session_id,
        "act": challenge.act,
        "about": dict(challenge.about),
        "code_hash": None,
        "at_home": challenge.at_home,
        "attempts": 0,
        "letters": 0,
    }


def _challenge(row: Item) -> Challenge:
    return Challenge(
        id=row["pk"].removeprefix("CHALLENGE#"),
        purpose=Purpose(row["purpose"]),
        channel=Channel(row["channel"]),
        to=row["to"],
        language=Language(row["language"]),
        network=row["network"],
        begun_at=datetime.fromisoformat(row["begun_at"]),
        subject_id=row["subject_id"],
        password_version=row["password_version"],
        session_id=row["session_id"],
        act=row["act"],
        about=row["about"],
        code_hash=row["code_hash"],
        attempts=row["attempts"],
        letters=row["letters"],
        at_home=row["at_home"],
        consumed="consumed_at" in row,
    )
