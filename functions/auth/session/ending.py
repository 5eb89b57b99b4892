"""How sessions end: by their own sign-out, or revoked by something else."""

from collections.abc import Callable
from datetime import datetime

from auth import owner, store
from auth.account import Account
from auth.session.session import Session
from common.access import Caller
from common.errors import NotFound
from common.events import Event


def sign_out(holder: Caller, at: datetime) -> None:
    """End the session of whoever holds its token; nothing happens when it has ended before."""

    def attempt(found: Account) -> None:
        if found.is_in(holder.session_id):
            store.end_sessions(found, found, [holder.session_id], at)

    if account := store.account(holder.id, holder.role):
        store.persist(account, attempt)


def revoke(session: Session, at: datetime, *events: Event) -> None:
    """End *session* against whoever uses it, and queue *events*, once."""

    def attempt(found: Account) -> None:
        if found.is_in(session.id):
            store.end_sessions(found, found.revoking(), [session.id], at, *events)

    if account := store.account(session.subject_id, session.role):
        store.persist(account, attempt)


def revoke_one(caller: Caller, session_id: str, at: datetime) -> None:
    """End a session of the caller's account. NotFound when it is none of its live ones."""

    def chosen(found: Account) -> frozenset[str]:
        if session_id not in found.live_at(at):
            raise NotFound
        return frozenset([session_id])

    _revoke(caller, chosen, at)


def revoke_others(caller: Caller, at: datetime) -> int:
    """End all sessions of the caller's account but this one; how many there were."""
    return _revoke(caller, lambda found: found.live_at(at) - {caller.session_id}, at)


def _revoke(caller: Caller, chosen: Callable[[Account], frozenset[str]], at: datetime) -> int:
    def attempt(found: Account) -> int:
        ids = chosen(owner.live(found, caller))
        if ids:
            store.end_sessions(found, found.revoking(), ids, at)
        return len(ids)

    return store.persist(owner.own(caller), attempt)
