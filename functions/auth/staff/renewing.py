"""Renewal: a member of staff who lost password or factor sets both anew, by a letter.

An owner begins it. From then on nothing that the member had signs in: whoever found it is out.
"""

from datetime import datetime

from auth import store as accounts
from auth.account import Account
from auth.staff import changing, member, store
from auth.staff.invitation import Invitation
from auth.staff.member import Member
from common import idempotency
from common.access import Caller


def begin(
    caller: Caller,
    before: Member,
    call: idempotency.Attempt,
    at: datetime,
    *writes: accounts.Write,
) -> None:
    """Take from the member all that proves them, end their sessions, and carry out *writes*, which
    let them back in. idempotency.Repeated for a repeated call; else as `changing.change` says."""
    changing.change(caller, before, before.renewed(), member.emptied, at, *writes, call=call)


def complete(invited: Invitation, proven: Account) -> Member | None:
    """Let the member sign in by what *proven* has; None when the invitation was used meanwhile, or
    they are no member any longer."""
    found, account = store.member(invited.id), accounts.account(invited.id, invited.role)
    if found is None or account is None:
        return None
    writes = *store.spent(invited), store.stays(found)

    def attempt(standing: Account) -> None:
        accounts.change_account(standing, member.proven_anew(standing, proven), *writes)

    try:
        accounts.persist(account, attempt)
    except (accounts.Changed, accounts.Refused):
        return None
    return found
