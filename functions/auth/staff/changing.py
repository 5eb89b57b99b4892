"""What an owner changes about a member of staff: the role, or that they are one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from auth import store as accounts
from auth.account import Account
from auth.staff import member, store
from auth.staff.member import LastOwner, Member
from common import idempotency, ids, outbox
from common.access import Caller, Role
from common.errors import Busy, Forbidden, NotFound
from common.events.staff import StaffRemoved, StaffRoleChanged


def promote(caller: Caller, before: Member, role: Role, at: datetime) -> Member:
    """Give the member *role* and end their sessions, which were begun in another."""
    after = before.promoted(role)
    event = StaffRoleChanged(
        id=ids.new(at),
        occurred_at=at,
        subject_version=after.version,
        staff_id=before.id,
        role=role.name.lower(),
        changed_by=caller.id,
    )
    promoted = partial(member.promoted, role=role)
    change(caller, before, after, promoted, at, outbox.row(event))
    return after


def remove(caller: Caller, before: Member, at: datetime) -> None:
    """Close the member's account and end their sessions, at once."""
    after = before.gone(at)
    event = StaffRemoved(
        id=ids.new(at),
        occurred_at=at,
        subject_version=after.version,
        staff_id=before.id,
        removed_by=caller.id,
    )
    change(caller, before, after, member.closed, at, outbox.row(event))


def change(
    caller: Caller,
    before: Member,
    after: Member,
    how: Callable[[Account], Account],
    at: datetime,
    *more: accounts.Write,
    call: idempotency.Attempt | None = None,
) -> None:
    """Change the member and their account, end their sessions, and carry out *more*.

    Repeated for a repeated *call*; else NotFound, Forbidden, LastOwner or Busy: the first that is
    the reason.
    """
    writes = *store.changed(before, after, caller.id), *more
    try:
        accounts.persist(_account(before), partial(_attempt, how, at, writes))
    except accounts.Refused as refused:
        if call:
            call.require_new()
        raise _why(caller, before, after) from refused


def _attempt(
    how: Callable[[Account], Account],
    at: datetime,
    writes: Sequence[accounts.Write],
    found: Account,
) -> None:
    ends = accounts.ends(sorted(found.live_at(at)), at)
    accounts.change_account(found, how(found), *ends, *writes)


def _account(found: Member) -> Account:
    account = accounts.account(found.id, found.role)
    if account is None:
        raise NotFound
    return account


def _why(caller: Caller, before: Member, after: Member) -> Exception:
    """Why the list of members, as it stands by now, refused."""
    acting, found = store.member(caller.id), store.member(before.id)
    if acting is None or acting.role is not Role.OWNER:
        return Forbidden()
    if found is None:
        return NotFound()
    return LastOwner() if after.owners < found.owners else Busy()
