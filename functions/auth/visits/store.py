"""Visits in DynamoDB.

pk             sk                    what
CUSTOMER#<id>  SIGN_IN#<session id>  one sign-in; 180 days
CUSTOMER#<id>  PROFILE               of it here: `absence_due` names the timer that looks for the
                                     customer; `absent_since`, `absent_days` what was told

A refresh writes nothing here: the timer, when it fires, reads the sessions that the sign-ins
name. One that finds the customer was here arms itself again, so coming back touches no timer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auth.visits.absence import Absence, Finding
from common import ids, outbox, table, timers
from common.conditions import Attr
from common.events.auth import CustomerInactive
from common.expressions import Path

ABSENCE = "absence"
KEPT = timedelta(days=180)
# Sessions looked at for the last visit; beyond so many at once the newest tell enough.
MOST_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in: when, and the session that it began."""

    session_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """What is known of somebody's visits: `due` is when the timer will look for them."""

    id: str
    registered_at: datetime
    due: datetime | None
    absence: Absence | None


def find(customer_id: str) -> Customer | None:
    row = table.get(_pk(customer_id), "PROFILE")
    if row is None:
        return None
    due, since = row.get("absence_due"), row.get("absent_since")
    return Customer(
        id=customer_id,
        registered_at=datetime.fromisoformat(row["registered_at"]),
        due=datetime.fromisoformat(due) if due else None,
        absence=Absence(datetime.fromisoformat(since), row["absent_days"]) if since else None,
    )


def note(customer: Customer, visit: SignIn, look_at: datetime) -> None:
    """Keep the sign-in, and let a timer look for the customer at *look_at* unless one does.

    Nothing for a sign-in that is noted. ConditionFailed when the customer is otherwise by now.
    """
    row = {
        "pk": _pk(customer.id),
        "sk": f"SIGN_IN#{visit.session_id}",
        "at": visit.at.isoformat(),
        "expires_at": int((visit.at + KEPT).timestamp()),
    }
    watched = table.check(_pk(customer.id), "PROFILE", table.PRESENT)
    begun = _watch(customer, look_at) if customer.due is None else [watched]
    try:
        table.commit(table.put(row), *begun)
    except table.ConditionFailed as refused:
        if 0 not in refused.found:
            raise


def last_visit(customer: Customer, now: datetime) -> tuple[datetime, bool]:
    """When the customer was last here, and whether a session of theirs still lives."""
    begun = table.sort_key().begins_with("SIGN_IN#")
    newest = table.query(_pk(customer.id), begun, limit=MOST_SESSIONS, newest_first=True).items
    named = [row["sk"].removeprefix("SIGN_IN#") for row in newest]
    keys = [(table.OWN, f"SESSION#{session}", "SESSION") for session in named]
    sessions = [row for row in table.get_many(*keys) if row]
    seen = [row["at"] for row in newest] + [r["rotated_at"] for r in sessions if "rotated_at" in r]
    moments = map(datetime.fromisoformat, seen)
    return max(moments, default=customer.registered_at), any(_lives(r, now) for r in sessions)


def settle(
    customer: Customer, finding: Finding, event: CustomerInactive | None
) -> list[table.Write]:
    """The writes that keep *finding*, await the next look and tell what is to be told."""
    kept: dict[Path, Any] = {
        "absent_since": finding.absence.since.isoformat(),
        "absent_days": finding.absence.days,
    }
    due = finding.again
    change = table.update(
        _pk(customer.id),
        "PROFILE",
        assign=kept | ({"absence_due": due.isoformat()} if due else {}),
        remove=[] if due else ["absence_due"],
        condition=Attr("absence_due").eq(customer.due.isoformat() if customer.due else ""),
    )
    armed = [timers.arm(_timer(customer.id, due))] if due else []
    return [change, *armed, *([outbox.row(event)] if event else [])]


def awaiting(customer_id: str) -> list[timers.Timer]:
    """The one timer that looks for the customer, if any does."""
    customer = find(customer_id)
    return [_timer(customer.id, customer.due)] if customer and customer.due else []


def _watch(customer: Customer, due: datetime) -> list[table.Write]:
    unwatched = table.PRESENT & Attr("absence_due").not_exists()
    assign: dict[Path, Any] = {"absence_due": due.isoformat()}
    pk = _pk(customer.id)
    change = table.update(pk, "PROFILE", assign=assign, condition=unwatched)
    return [change, timers.arm(_timer(customer.id, due))]


def _timer(customer_id: str, due: datetime) -> timers.Timer:
    id_ = ids.derived(customer_id, f"{ABSENCE}#{due.isoformat()}")
    return timers.Timer(ABSENCE, id_, due, {"customer_id": customer_id})


def _lives(session: table.Item, now: datetime) -> bool:
    return "ended_at" not in session and session.get("expires_at", 0) > now.timestamp()


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
