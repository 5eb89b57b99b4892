"""An invitation: an address that may become a member of staff, for 72 hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.access import Role
from common.errors import Problem
from common.language import Text

VALID_FOR = timedelta(hours=72)


class InvitationOver(Problem):
    """There is no such invitation, it was used, withdrawn or ran out, or the token is another's."""

    status = 404
    code = "invitation_over"
    title = Text(
        ru="Приглашение больше не действует. Попросите прислать новое.",
        en="This invitation does not work any longer. Ask for a new one.",
    )


@dataclass(frozen=True, slots=True)
class Invitation:
    """Its id becomes the member's. `password_hash` and `sealed`, the secret of the second factor,
    are there once it was accepted; the account is only once a code has confirmed the secret.
    One that `renews` is a member's, who lost password or factor, and has an account."""

    id: str
    email: str
    role: Role
    invited_by: str
    expires_at: datetime
    token_hash: str
    password_hash: str | None = None
    sealed: str | None = None
    renews: bool = False

    def is_open(self, at: datetime) -> bool:
        return at < self.expires_at


def may_invite(inviter: Role, role: Role) -> bool:
    """An owner invites whomever they like, a manager agents only."""
    return inviter is Role.OWNER or role is Role.AGENT
