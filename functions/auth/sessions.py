"""Sessions: begun by a sign-in, renewed by refreshing, ended once.

A refresh token names its session and a generation; the session keeps the newest one. Using the
newest makes the next; using the one before again within the grace gives the same next one (a
lost answer, a second tab); anything older has been stolen or is in a thief's way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from common.access import Role

LIFETIME = timedelta(days=90)
# A working day: staff see other people's data, and show their second factor every morning.
STAFF_LIFETIME = timedelta(hours=12)
GRACE = timedelta(seconds=30)


class Verdict(Enum):
    RENEWED = "renewed"
    REUSED = "reused"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Session:
    """`generation` is that of the refresh token that works now, made at `rotated_at`."""

    id: str
    subject_id: str
    role: Role
    started_at: datetime
    generation: int = 0
    rotated_at: datetime | None = None
    ended: bool = False

    @property
    def ends_at(self) -> datetime:
        customer = self.role is Role.CUSTOMER
        return self.started_at + (LIFETIME if customer else STAFF_LIFETIME)

    def is_live(self, at: datetime) -> bool:
        return not self.ended and at < self.ends_at


def judge(session: Session | None, generation: int, at: datetime) -> Verdict:
    """What becomes of a refresh token of *generation*, the session being as it stands after it."""
    if session is None or session.rotated_at is None or not session.is_live(at):
        return Verdict.OVER
    if session.generation == generation + 1 and at - session.rotated_at <= GRACE:
        return Verdict.RENEWED
    return Verdict.REUSED if session.generation > generation else Verdict.OVER
