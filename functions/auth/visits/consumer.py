"""What sign-ins tell, and what happens when a customer stays away."""

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from auth.visits import absence, store
from auth.visits.absence import Finding
from auth.visits.store import Customer, SignIn
from common import consumer, ids, table, timers
from common.events.auth import CustomerInactive, CustomerRegistered
from common.events.sign_in import SignedIn


def note(event: SignedIn | CustomerRegistered) -> None:
    """Keep the sign-in, as which a registration counts, and begin to look for the customer."""
    if event.session_id is not None:
        visit = SignIn(event.session_id, event.occurred_at)
        table.retried(partial(_note, event.customer_id, visit))


def _note(customer_id: str, visit: SignIn) -> None:
    customer = store.find(customer_id)
    if customer:
        store.note(customer, visit, visit.at + timedelta(days=_stages()[0]))


def miss(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Tell of a customer who has not been here for one of the shop's numbers of days.

    Nothing for a timer that looks for somebody whom another one looks for.
    """
    customer = store.find(timer.subject["customer_id"])
    if customer is None or customer.due != timer.due:
        return []
    last, may_return = store.last_visit(customer, now)
    finding = absence.look(customer.absence, last, _stages(), now, may_return)
    return store.settle(customer, finding, _told(customer, finding, now))


def _told(customer: Customer, finding: Finding, now: datetime) -> CustomerInactive | None:
    if finding.told is None:
        return None
    since = finding.absence.since.isoformat()
    return CustomerInactive(
        id=ids.derived(customer.id, f"{CustomerInactive.name}#{since}#{finding.told}"),
        occurred_at=now,
        customer_id=customer.id,
        days=finding.told,
    )


def _stages() -> list[int]:
    return absence.stages(os.environ["INACTIVITY_DAYS"])


REACTIONS: consumer.Reactions = {SignedIn: note, CustomerRegistered: note}
DUE: dict[str, timers.Fire] = {store.ABSENCE: miss}
