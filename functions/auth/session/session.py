"""A session: begun by a sign-in, renewed by refreshing, ended once.

A refresh token names its session and a generation; the session keeps the newest one. Using the
newest makes the next; using the one before again within the grace gives the same next one (a
lost answer, a second tab); anything older has been stolen or is in a thief's way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from common.access import Role

LIFETIME = timedelta(days=90)
# A working day: staff see other people's data, and show their second factor every morning.
STAFF_LIFETIME = timedelta(hours=12)
GRACE = timedelta(seconds=30)


class Verdict(Enum):
    RENEWED = "renewed"
    REUSED = "reused"
    OVER = "over"


class Assurance(StrEnum):
    """How surely somebody is who they say: by one factor or by two (NIST SP 800-63B)."""

    ONE = "aal1"
    TWO = "aal2"


@dataclass(frozen=True, slots=True)
class Device:
    """What a session was begun on: its name as the client says it, its platform by client hints,
    and its place: the coarse network, and the country where somebody knows it."""

    name: str | None
    platform: str | None
    place: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """`generation` is that of the refresh token that works now, made at `rotated_at`.

    `amr` names the methods by which it was begun (RFC 8176), at `started_at`.
    """

    id: str
    subject_id: str
    role: Role
    started_at: datetime
    device: Device
    acr: Assurance = Assurance.ONE
    amr: tuple[str, ...] = ("pwd",)
    generation: int = 0
    rotated_at: datetime | None = None
    ended: bool = False

    @property
    def ends_at(self) -> datetime:
        return ends_at(self.started_at, self.role)

    @property
    def last_seen_at(self) -> datetime:
        return self.rotated_at or self.started_at

    def is_live(self, at: datetime) -> bool:
        return not self.ended and at < self.ends_at


def ends_at(started_at: datetime, role: Role) -> datetime:
    """When a session that began then is over, however often it is refreshed."""
    return started_at + (LIFETIME if role is Role.CUSTOMER else STAFF_LIFETIME)


def judge(session: Session | None, generation: int, at: datetime) -> Verdict:
    """What becomes of a refresh token of *generation*, the session being as it stands after it."""
    if session is None or session.rotated_at is None or not session.is_live(at):
        return Verdict.OVER
    if session.generation == generation + 1 and at - session.rotated_at <= GRACE:
        return Verdict.RENEWED
    return Verdict.REUSED if session.generation > generation else Verdict.OVER
