"""Staff in DynamoDB: members, invitations and the count that keeps the last owner.

pk    sk               what
TEAM  MEMBER#<id>      one member: address, role; no longer one with `left_at`
TEAM  OWNERS           how many owners there are
TEAM  INVITATION#<id>  an invitation, with the keyed hash of its token
"""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from auth.rows import seconds
from auth.staff.invitation import Invitation, InvitationOver
from auth.staff.member import Member
from common import idempotency, table
from common.access import Role
from common.conditions import Attr
from common.expressions import Path

PK, MEMBER, OWNERS, INVITATION = "TEAM", "MEMBER#", "OWNERS", "INVITATION#"


# --- members ---


def member(member_id: str) -> Member | None:
    row = table.get(PK, MEMBER + member_id)
    return _member(row) if row and "left_at" not in row else None


def members(limit: int, start: table.Item | None) -> tuple[list[Member], table.Item | None]:
    """A page of all there are or were, in the order in which they were made."""
    found = table.query(PK, table.sort_key().begins_with(MEMBER), limit=limit, start=start)
    return [_member(row) for row in found.items], found.last


def joined(new: Member) -> Sequence[table.Write]:
    return [table.put(_member_row(new)), *_counted(new.owners)]


def changed(before: Member, after: Member, by: str) -> Sequence[table.Write]:
    """Refused when *before* is another by now, when *by* is no owner any longer, and when no owner
    would be left."""
    unchanged = Attr("version").eq(before.version) & Attr("left_at").not_exists()
    writes = [table.put(_member_row(after), unchanged), *_counted(after.owners - before.owners)]
    if by == before.id:
        return writes
    still = Attr("role").eq("owner") & Attr("left_at").not_exists()
    return [*writes, table.check(PK, MEMBER + by, still)]


def stays(known: Member) -> table.Write:
    """Refused when they are no member any longer."""
    return table.check(PK, MEMBER + known.id, table.PRESENT & Attr("left_at").not_exists())


def _counted(change: int) -> list[table.Write]:
    if change == 0:
        return []
    enough = Attr("owners").gt(1) if change < 0 else None
    return [table.update(PK, OWNERS, add={"owners": change}, condition=enough)]


# --- invitations ---


def invite(
    call: idempotency.Attempt, answer: BaseModel, wanted: Invitation, letter: table.Write
) -> None:
    """Write the invitation and its *letter*. Raise idempotency.Repeated for a repeated call."""
    idempotency.commit(call, HTTPStatus.CREATED, answer, addition(wanted), letter)


def addition(wanted: Invitation) -> table.Write:
    """The write of the invitation; a member's own is in the place of an earlier one."""
    return table.put(_invitation_row(wanted), None if wanted.renews else table.ABSENT)


def invitation(invitation_id: str, at: datetime) -> Invitation | None:
    """The invitation, while it is open."""
    row = table.get(PK, INVITATION + invitation_id)
    found = _invitation(row) if row else None
    return found if found and found.is_open(at) else None


def invitations(limit: int, start: table.Item | None) -> tuple[list[Invitation], table.Item | None]:
    """A page of the invitations that lie there; whether each is open is for the caller to see."""
    found = table.query(PK, table.sort_key().begins_with(INVITATION), limit=limit, start=start)
    return [_invitation(row) for row in found.items], found.last


def withdraw(invitation_id: str) -> None:
    """Delete the invitation, if there is one."""
    table.commit(table.delete(PK, INVITATION + invitation_id, condition=None))


def accept(before: Invitation, password_hash: str, sealed: str) -> None:
    """Keep what its account will have. InvitationOver when it has gone meanwhile."""
    secrets: dict[Path, str] = {"password_hash": password_hash, "sealed": sealed}
    try:
        table.apply(table.update(PK, INVITATION + before.id, assign=secrets))
    except table.ConditionFailed as gone:
        raise InvitationOver from gone


def spent(invitation: Invitation) -> Sequence[table.Write]:
    """The writes that use it up. Refused unless it still holds what was read, and whoever invited
    is still one who may: nobody who leaves has left a door open."""
    unchanged = Attr("sealed").eq(invitation.sealed)
    may = Attr("role").eq("owner")
    if invitation.role is Role.AGENT:
        may = may | Attr("role").eq("manager")
    return [
        table.delete(PK, INVITATION + invitation.id, unchanged),
        table.check(PK, MEMBER + invitation.invited_by, may & Attr("left_at").not_exists()),
    ]


def _member_row(known: Member) -> table.Item:
    row = {
        "pk": PK,
        "sk": MEMBER + known.id,
        "email": known.email,
        "role": known.role.name.lower(),
        "joined_at": known.joined_at.isoformat(),
        "version": known.version,
    }
    return row | ({"left_at": known.left_at.isoformat()} if known.left_at else {})


def _member(row: table.Item) -> Member:
    left_at = row.get("left_at")
    return Member(
        id=row["sk"].removeprefix(MEMBER),
        email=row["email"],
        role=Role[row["role"].upper()],
        joined_at=datetime.fromisoformat(row["joined_at"]),
        left_at=datetime.fromisoformat(left_at) if left_at else None,
        version=row["version"],
    )


def _invitation_row(known: Invitation) -> table.Item:
    return {
        "pk": PK,
        "sk": INVITATION + known.id,
        "email": known.email,
        "role": known.role.name.lower(),
        "invited_by": known.invited_by,
        "ends_at": known.expires_at.isoformat(),
        "token_hash": known.token_hash,
        "password_hash": known.password_hash,
        "sealed": known.sealed,
        "renews": known.renews,
        "expires_at": seconds(known.expires_at),
    }


def _invitation(row: table.Item) -> Invitation:
    return Invitation(
        id=row["sk"].removeprefix(INVITATION),
        email=row["email"],
        role=Role[row["role"].upper()],
        invited_by=row["invited_by"],
        expires_at=datetime.fromisoformat(row["ends_at"]),
        token_hash=row["token_hash"],
        password_hash=row["password_hash"],
        sealed=row["sealed"],
        renews=row.get("renews", False),
    )
