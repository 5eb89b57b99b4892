"""A new password, by whoever is signed in and has just proven to be its owner."""

from dataclasses import replace
from datetime import datetime

from auth import store
from auth.account import Account
from auth.password import passwords
from common import access, ids
from common.access import Act, Caller, Role
from common.errors import Unauthorized
from common.events import Event
from common.events.sign_in import PasswordChanged


def change(caller: Caller, password: str, shop: str, at: datetime) -> None:
    """Make *password* the account's and end all other sessions of it; nothing happens when that
    is so already. StepUpRequired without a fresh proof, Invalid for a password easily guessed."""
    account, session = store.account_and_session(caller)
    access.require_proof(session, Act.PASSWORD, at)
    if account is None:
        raise Unauthorized
    for login in account.logins:
        passwords.require_unguessable("body.new_password", password, (shop, login))
    same = passwords.matches(account.password_hash, password)
    hashed = account.password_hash if same else passwords.hashed(password)

    def attempt(found: Account) -> None:
        _require_unchanged(account, found, caller)
        others = found.live_at(at) - {caller.session_id}
        if not same or others:
            after = replace(found.revoking(), password_hash=hashed)
            after = replace(after, password_version=found.password_version + 1)
            store.end_sessions(found, after, others, at, *_told(account, at))

    store.persist(account, attempt)


def _require_unchanged(account: Account, found: Account, caller: Caller) -> None:
    """Another change of what proves it, meanwhile, wins."""
    if not found.proves_as(account) or not found.is_in(caller.session_id):
        raise access.StepUpRequired(Act.PASSWORD)


def _told(account: Account, at: datetime) -> list[Event]:
    if account.role is not Role.CUSTOMER:
        return []
    return [PasswordChanged(id=ids.new(at), occurred_at=at, customer_id=account.id)]
