"""How sessions end: by their own sign-out, or revoked by something else."""

from dataclasses import replace
from datetime import datetime

from auth import store
from auth.account import Account
from auth.session.session import Session
from common.access import Caller
from common.events import Event


def sign_out(holder: Caller, at: datetime) -> None:
    """End the session of whoever holds its token; nothing happens when it has ended before."""
    account = store.account(holder.id, holder.role)
    if account:
        _end(account, holder.session_id, at)


def revoke(session: Session, at: datetime, *events: Event) -> None:
    """End *session* against whoever uses it, and queue *events*, once."""
    account = store.account(session.subject_id, session.role)
    if account:
        _end(account, session.id, at, *events, revoked=1)


def _end(account: Account, session_id: str, at: datetime, *events: Event, revoked: int = 0) -> None:
    def attempt(found: Account) -> None:
        if session_id in {session.id for session in found.sessions}:
            after = replace(found, revocations=found.revocations + revoked)
            store.end_sessions(found, after, [session_id], at, *events)

    store.persist(account, attempt)
