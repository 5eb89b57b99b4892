"""The live sessions of an account, as its owner sees them."""

from datetime import datetime

from auth import owner, store
from auth.session.session import Session
from common.access import Caller


def of(caller: Caller, at: datetime) -> list[Session]:
    """The sessions of the caller's account, the newest first. Unauthorized when the caller's own
    has ended."""
    account = owner.own(caller)
    found = store.sessions([session.id for session in reversed(account.sessions)])
    return [session for session in found if session.is_live(at)]
