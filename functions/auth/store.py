"""Auth in DynamoDB.

pk                  sk             what
LOGIN#<e-mail>      LOGIN          the claim: whose login it is, hash of the password, role
CUSTOMER#<id>       PROFILE        a customer: contact, language, time zone
STAFF#<id>          PROFILE        a member of staff
REGISTRATION#<id>   REGISTRATION   an address to be proven, with the hash of its code; a day
SESSION#<id>        SESSION        a session: its newest generation; live without `ended_at`
REVOKED             <at>#<id>      a session that ended, kept for a token's lifetime

LOGIN#, CUSTOMER#, STAFF# and REGISTRATION# rows are read here only; SESSION# and REVOKED are
what common.access reads in every function.
"""

from datetime import datetime
from typing import Any

from auth import rows
from auth.claim import Claim, Renewal
from auth.registration import MOST_ATTEMPTS, Registration
from auth.sessions import Session
from common import access, outbox, table
from common.conditions import Attr, Condition
from common.events import Event
from common.expressions import Path


class Refused(Exception):
    """Nothing was written, since the state is another by now; *found* tells which."""

    def __init__(self, found: Any = None) -> None:
        super().__init__()
        self.found = found


# --- registrations ---


def add_registration(asked: Registration, event: Event) -> Registration | None:
    """Write *asked* and queue *event*; return the registration that stood there instead."""
    row = rows.registration_row(asked)
    expired = Attr("expires_at").lte(rows.seconds(asked.requested_at))
    try:
        table.commit(table.put(row, table.ABSENT | expired), outbox.row(event))
    except table.ConditionFailed as refused:
        return rows.registration(refused.found[0] or row)
    return None


def registration(registration_id: str) -> Registration | None:
    row = table.get(f"REGISTRATION#{registration_id}", "REGISTRATION")
    return rows.registration(row) if row else None


def mark_lettered(asked: Registration, at: datetime, code_hash: str | None, event: Event) -> None:
    """Queue the registration's one letter; nothing happens when it has been queued before."""
    assign: dict[Path, Any] = {"lettered_at": at.isoformat()}
    assign |= {"code_hash": code_hash} if code_hash else {}
    mark = table.update(
        f"REGISTRATION#{asked.id}",
        "REGISTRATION",
        assign=assign,
        condition=table.PRESENT & Attr("lettered_at").not_exists(),
    )
    try:
        table.commit(mark, outbox.row(event))
    except table.ConditionFailed:
        return


def count_attempt(registration_id: str, at: datetime) -> Registration:
    """Count one code tried, before it is compared. Refused (with the row) where none may be."""
    count = table.update(
        f"REGISTRATION#{registration_id}",
        "REGISTRATION",
        add={"attempts": 1},
        condition=Attr("valid_until").gt(rows.seconds(at))
        & Attr("attempts").lt(MOST_ATTEMPTS)
        & Attr("consumed_at").not_exists(),
    )
    try:
        return rows.registration(table.apply(count))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        raise Refused(rows.registration(row) if row else None) from refused


def register(asked: Registration, claim: Claim, session: Session, *events: Event) -> None:
    """Make the customer, who claims the address and is signed in, all or nothing.

    Refused with "claim" when somebody else has the address, with None when the registration
    has been confirmed meanwhile.
    """
    at = session.started_at.isoformat()
    profile = {"email": claim.login, "language": asked.language.value, "version": 1}
    profile |= {"time_zone": asked.time_zone, "registered_at": at}
    try:
        table.commit(
            table.update(
                f"REGISTRATION#{asked.id}",
                "REGISTRATION",
                assign={"consumed_at": at},
                condition=table.PRESENT & Attr("consumed_at").not_exists(),
            ),
            table.put(rows.claim_row(claim)),
            table.put({"pk": f"CUSTOMER#{claim.subject_id}", "sk": "PROFILE", **profile}),
            table.put(rows.session_row(session)),
            *map(outbox.row, events),
        )
    except table.ConditionFailed as refused:
        raise Refused(None if 0 in refused.found else "claim") from refused


# --- claims ---


def claim(login: str) -> Claim | None:
    row = table.get(f"LOGIN#{login}", "LOGIN")
    return rows.claim(row) if row else None


def add_staff(claim: Claim, at: datetime) -> None:
    """Make a member of staff. Refused when the login belongs to somebody."""
    profile = {"email": claim.login, "role": claim.role.name.lower(), "added_at": at.isoformat()}
    try:
        table.commit(
            table.put(rows.claim_row(claim)),
            table.put({"pk": f"STAFF#{claim.subject_id}", "sk": "PROFILE", **profile}),
        )
    except table.ConditionFailed as refused:
        raise Refused from refused


def begin_session(claim: Claim, renewal: Renewal, session: Session, event: Event) -> None:
    """Begin *session*, renew the claim and queue *event*.

    Refused with the claim as it stands when the password was changed since it was read, or the
    one-time code's step, or a later one, has been used.
    """
    try:
        table.commit(
            _renew(claim, renewal), table.put(rows.session_row(session)), outbox.row(event)
        )
    except table.ConditionFailed as refused:
        row = refused.found.get(0)
        raise Refused(rows.claim(row) if row else None) from refused


def _renew(claim: Claim, renewal: Renewal) -> table.Write:
    assign: dict[Path, Any] = {}
    condition: Condition = Attr("password_version").eq(claim.password_version)
    if renewal.password_hash:
        assign["password_hash"] = renewal.password_hash
    if renewal.sources:
        assign["sources"] = list(renewal.sources)
    if renewal.totp_step:
        assign["totp_step"] = renewal.totp_step
        unused = Attr("totp_step").not_exists() | Attr("totp_step").lt(renewal.totp_step)
        condition &= unused
    key = f"LOGIN#{claim.login}"
    if not assign:
        return table.check(key, "LOGIN", condition)
    return table.update(key, "LOGIN", assign=assign, condition=condition)


# --- sessions ---


def rotate(session_id: str, generation: int, at: datetime) -> Session | None:
    """Make the next generation, if *generation* is the newest and the session lives.

    Return the session as it stands afterwards, by this call or by others.
    """
    step = table.update(
        f"SESSION#{session_id}",
        "SESSION",
        assign={"generation": generation + 1, "rotated_at": at.isoformat()},
        condition=Attr("generation").eq(generation)
        & Attr("expires_at").gt(rows.seconds(at))
        & Attr("ended_at").not_exists(),
    )
    try:
        return rows.session(table.apply(step))
    except table.ConditionFailed as refused:
        row = refused.found[0]
        return rows.session(row) if row else None


def end_session(session_id: str, at: datetime, *events: Event) -> None:
    """End a session everywhere and queue *events*; nothing happens when it has ended before."""
    end = table.update(
        f"SESSION#{session_id}",
        "SESSION",
        assign={"ended_at": at.isoformat()},
        condition=table.PRESENT & Attr("ended_at").not_exists(),
    )
    revoked = {
        "pk": "REVOKED",
        "sk": f"{at.isoformat()}#{session_id}",
        "session_id": session_id,
        "expires_at": rows.seconds(at + access.REVOCATION_LISTED),
    }
    try:
        table.commit(end, table.put(revoked), *map(outbox.row, events))
    except table.ConditionFailed:
        return
