"""A member of staff, in the list that only an owner changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from auth.account import Account
from common.access import Role
from common.errors import Problem
from common.language import Text

type RoleName = Literal["agent", "manager", "owner"]


class LastOwner(Problem):
    """Without an owner nobody could appoint one."""

    status = 409
    code = "last_owner"
    title = Text(
        ru="Это последний владелец магазина. Сначала назначьте другого.",
        en="This is the shop's last owner. Appoint another one first.",
    )


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the staff; `left_at` once they are not any longer."""

    id: str
    email: str
    role: Role
    joined_at: datetime
    left_at: datetime | None = None
    version: int = 1

    @property
    def owners(self) -> int:
        """How many owners they are."""
        return int(self.role is Role.OWNER and self.left_at is None)

    def promoted(self, role: Role) -> "Member":
        return replace(self, role=role, version=self.version + 1)

    def renewed(self) -> "Member":
        return replace(self, version=self.version + 1)

    def gone(self, at: datetime) -> "Member":
        return replace(self, left_at=at, version=self.version + 1)


def promoted(account: Account, role: Role) -> Account:
    """The account in *role*: every session was begun in another, so none goes on."""
    return replace(account.revoking(), role=role, sessions=())


def emptied(account: Account) -> Account:
    """The account with its address and role, and nothing by which anybody signs in."""
    return replace(
        account.revoking(),
        password_hash=None,
        password_version=account.password_version + 1,
        identities=(),
        passkeys=(),
        factors=(),
        recovery_codes=(),
        enrolling=None,
        sessions=(),
    )


def proven_anew(account: Account, proven: Account) -> Account:
    """The account, which signs in by what *proven* has."""
    return replace(
        account,
        password_hash=proven.password_hash,
        factors=proven.factors,
        totp_step=proven.totp_step,
    )


def closed(account: Account) -> Account:
    """The account by which nobody signs in again; its address is free for another."""
    return replace(emptied(account), logins=())
