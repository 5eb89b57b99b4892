"""How an account closes to whoever may have been inside: by a recovery, by "this was not me", and
by the undoing of a change of contacts. Pure."""

from dataclasses import replace
from datetime import datetime

from auth.account import Account


def closed(account: Account, since: datetime | None = None) -> Account:
    """The account with nothing left in it that a stranger may have put there to come back by:
    no session, no password, no provider's identity, no passkey, no place it knows.

    Whoever knows *since* when the stranger was inside loses the identities and passkeys of that
    time only. Second factors of that time go as well, and with them the recovery codes, for
    nobody knows when they were drawn. Otherwise they stay: whoever has the mailbox alone is not
    to be rid of them.
    """
    return replace(
        account.revoking().without(account.session_ids),
        password_hash=None,
        password_version=account.password_version + 1,
        identities=tuple(i for i in account.identities if _was_there(i.linked_at, since)),
        passkeys=tuple(p for p in account.passkeys if _was_there(p.added_at, since)),
        factors=tuple(f for f in account.factors if since is None or f.added_at < since),
        recovery_codes=() if since else account.recovery_codes,
        devices=(),
        seen=(),
    )


def _was_there(added_at: datetime, since: datetime | None) -> bool:
    return since is not None and added_at < since
