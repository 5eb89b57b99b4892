"""Registrations in DynamoDB: see auth.challenge.store for what is asked, auth.store for accounts.

pk              sk        what
CUSTOMER#<id>   PROFILE   contacts, language, time zone
"""

from auth import rows
from auth import store as accounts
from auth.account import Account
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge
from auth.history import store as history
from auth.history.history import success
from auth.session.session import Session
from common import outbox, table
from common.access import Act
from common.events import Event
from common.expressions import Item


def register(proven: Challenge, account: Account, session: Session, *events: Event) -> None:
    """Make the customer, who claims the contact and is signed in, all or nothing.

    LoginTaken when somebody else has the contact, Refused when the code was used meanwhile.
    """
    profile = {"language": proven.language.value, "time_zone": proven.about["time_zone"]}
    add(
        account,
        session,
        profile,
        challenges.consume(proven, session.started_at),
        *map(outbox.row, events),
    )


def add(account: Account, session: Session, profile: Item, *writes: table.Write) -> None:
    """Make a customer who is signed in, with what is known of them in *profile*, and carry out
    *writes*, all or nothing; refuses as `auth.store.add_account` does."""
    entered, _ = account.entered(session)
    contacts = {"email": account.email, "phone": account.phone}
    row = {
        "pk": rows.account_key(account.id, account.role),
        "sk": "PROFILE",
        **{name: contact for name, contact in contacts.items() if contact},
        **profile,
        "registered_at": session.started_at.isoformat(),
        "version": 1,
    }
    kept = history.kept(entered, success(session, ()))
    accounts.add_account(entered, *writes, table.put(row), table.put(_session(session)), kept)


def _session(session: Session) -> Item:
    """Whoever has just proven the contact may turn a second factor on at once."""
    proofs = {Act.FACTORS.value: rows.seconds(session.started_at)}
    return rows.session_row(session) | {"proofs": proofs}
