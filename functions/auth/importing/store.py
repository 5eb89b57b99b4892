"""Making imported customers: each alone, so that one that is refused holds up no other.

Whoever has an account already is left as they are, so a batch may be sent again. Other capabilities
hear of the contact, but are told no `contact_keys`: nobody has proven it, so it claims nothing.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auth import rows, store
from auth.account import Account
from auth.importing.customer import Outcome, Row, Unacceptable, Wanted, wanted
from common import ids, outbox, table
from common.access import Role
from common.events import Event
from common.events.auth import ContactChanged, CustomerImported
from common.expressions import Item

PASSWORD_NOT_TAKEN = "password_not_taken"  # noqa: S105 - a code


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row, and why, or what of it was left out."""

    outcome: Outcome
    reason: str | None = None


def make(row: Row, countries: Sequence[str], at: datetime, *, dry: bool) -> Result:
    """Make the customer of *row*, or, *dry*, say only what would become of it."""
    try:
        customer = wanted(row, countries)
    except Unacceptable as refused:
        return Result(Outcome.REJECTED, str(refused))
    if not (_is_free(customer) if dry else _made(customer, at)):
        return Result(Outcome.KNOWN)
    lacks = row.password_hash and not customer.password_hash
    return Result(Outcome.IMPORTED, PASSWORD_NOT_TAKEN if lacks else None)


def _is_free(customer: Wanted) -> bool:
    return not any(store.account_by_login(login) for login in customer.logins)


def _made(customer: Wanted, at: datetime) -> bool:
    """Whether the customer was made: not when somebody has one of the logins."""
    account = Account(
        id=ids.new(at),
        role=Role.CUSTOMER,
        logins=customer.logins,
        password_hash=customer.password_hash,
    )
    profile = table.put(_profile(account, customer, at))
    try:
        store.add_account(account, profile, *map(outbox.row, _told(account, customer, at)))
    except store.LoginTaken:
        return False
    return True


def _profile(account: Account, customer: Wanted, at: datetime) -> Item:
    known = {"email": customer.email, "phone": customer.phone, "name": customer.name}
    return {
        "pk": rows.account_key(account.id, account.role),
        "sk": "PROFILE",
        **{name: value for name, value in known.items() if value},
        "language": customer.language.value,
        "time_zone": os.environ["SHOP_TIME_ZONE"],
        "registered_at": at.isoformat(),
        "version": 1,
    }


def _told(account: Account, customer: Wanted, at: datetime) -> tuple[Event, Event]:
    imported = CustomerImported(
        id=ids.new(at), occurred_at=at, customer_id=account.id, marketing=customer.marketing
    )
    contact = ContactChanged(
        id=ids.new(at),
        occurred_at=at,
        subject_version=1,
        customer_id=account.id,
        email=account.email,
        phone=account.phone,
        language=customer.language.value,
        time_zone=os.environ["SHOP_TIME_ZONE"],
    )
    return imported, contact
