"""The history of sign-ins: what is kept of each, and for how long. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from auth.session.session import Device, Session

KEPT = timedelta(days=180)
WRONG_KEPT = timedelta(days=14)


class Outcome(StrEnum):
    """How a sign-in ended whose first proof was right. HELD is for want of a second proof that its
    being unusual asked for; PASSKEY_REFUSED for its being a copy's."""

    SUCCESS = "success"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    HELD = "held"
    PASSKEY_REFUSED = "passkey_refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign-in; of those without success one a day and outcome is kept, with the newest's place
    and how many `times` there were. `unusual` says why it was, if it was."""

    id: str
    at: datetime
    device: Device
    outcome: Outcome
    methods: tuple[str, ...] = ()
    unusual: tuple[str, ...] = ()
    times: int = 1
    disowned: bool = False


@dataclass(frozen=True, slots=True)
class WrongPasswords:
    """How many wrong passwords there were for the account's logins on a day (UTC)."""

    day: date
    times: int


def success(session: Session, unusual: tuple[str, ...]) -> Entry:
    """What is kept of the sign-in that began *session*; it has the session's id."""
    return Entry(
        session.id, session.started_at, session.device, Outcome.SUCCESS, session.amr, unusual
    )
