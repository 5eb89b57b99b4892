"""A challenge: a code on its way to an address or a number, that proves one thing once.

Whoever has the code has the mailbox or the telephone. It is bound to its challenge and purpose,
and where it serves a session or an act, to those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from common.errors import Problem
from common.language import Language, Text

VALID = timedelta(minutes=30)
# NIST SP 800-63B §3.1.3.2: what travels out of band is good for ten minutes at most. A first
# letter may take longer to be found, and opens nothing that exists.
VALID_OTHERWISE = timedelta(minutes=10)
# A passkey is at hand: nothing has to arrive first.
VALID_AT_HAND = timedelta(minutes=5)
# Longer than it is valid: a repeated Idempotency-Key finds it for a day.
KEPT = timedelta(hours=24)
MOST_ATTEMPTS = 5


class Purpose(StrEnum):
    """What a code proves; a code of one purpose proves nothing of another."""

    REGISTRATION = "registration"
    SIGN_IN = "sign_in"
    SECOND_STEP = "second_step"
    STEP_UP = "step_up"
    RECOVERY = "recovery"
    CONTACT = "contact"
    FACTOR = "factor"
    PASSKEY = "passkey"
    PASSKEY_SIGN_IN = "passkey_sign_in"


LIFETIMES = {
    Purpose.REGISTRATION: VALID,
    Purpose.PASSKEY: VALID_AT_HAND,
    Purpose.PASSKEY_SIGN_IN: VALID_AT_HAND,
}


class Channel(StrEnum):
    """How a code travels; NONE where what is asked for is known already: a password, an app."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    MESSENGER = "messenger"
    NONE = "none"


class ChallengeOver(Problem):
    """There is no such challenge, it is out of date, or it has been used: all alike."""

    status = 404
    code = "challenge_over"
    title = Text(
        ru="Этот код уже использован или устарел. Запросите новый.",
        en="This code has been used or is out of date. Ask for a new one.",
    )


class AttemptsUsedUp(Problem):
    status = 409
    code = "attempts_used_up"
    title = Text(
        ru="Попытки закончились. Запросите новый код.",
        en="No attempts are left. Ask for a new code.",
    )


class WrongCode(Problem):
    """`attempts_left` says how many more codes may be tried."""

    status = 422
    code = "wrong_code"
    title = Text(ru="Код не подошёл.", en="That is not the code.")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code that *to* is to get by *channel*, and what it proves.

    `about` is what its purpose keeps until then (of a registration: the password's hash, …);
    `network` is where it was asked for. `code_hash`, `subject_id`, `at_home`, whether the
    account knows that network, and its `password_version` by then are known once the letter is
    chosen, which is when `letters` becomes 1: whoever asks learns nothing of it.
    """

    id: str
    purpose: Purpose
    channel: Channel
    to: str
    language: Language
    network: str
    begun_at: datetime
    subject_id: str | None = None
    password_version: int | None = None
    session_id: str | None = None
    act: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    code_hash: str | None = None
    attempts: int = 0
    letters: int = 0
    at_home: bool = False
    consumed: bool = False

    @property
    def valid_for(self) -> timedelta:
        return LIFETIMES.get(self.purpose, VALID_OTHERWISE)

    @property
    def valid_until(self) -> datetime:
        return self.begun_at + self.valid_for

    @property
    def told_as(self) -> str:
        """The purpose as letters tell it: of a sign-in's second step, that somebody signs in."""
        return (Purpose.SIGN_IN if self.purpose is Purpose.SECOND_STEP else self.purpose).value

    @property
    def attempts_left(self) -> int:
        return max(MOST_ATTEMPTS - self.attempts, 0)

    @property
    def counted_at(self) -> str:
        """Whose letters and guesses are counted together: strangers cannot use up those of the
        owner, who asks from where the account is at home, or signed in. A contact that is yet to
        be somebody's counts by itself: whoever asks may not flood others."""
        if self.session_id and self.subject_id and self.purpose is not Purpose.CONTACT:
            return self.subject_id
        second = self.purpose is Purpose.SECOND_STEP
        owner = str(self.subject_id) if second else self.to
        return f"{owner} {self.network}" if self.at_home else owner

    def is_open(self, at: datetime) -> bool:
        return not self.consumed and at < self.valid_until

    def asks_the_same(self, other: "Challenge") -> bool:
        return _asked(self) == _asked(other)


def _asked(challenge: Challenge) -> tuple[Any, ...]:
    """What the caller asked for, without what happened since."""
    words = challenge.purpose, challenge.channel, challenge.to, challenge.language
    return *words, challenge.session_id, challenge.act, dict(challenge.about)


def why_refused(challenge: Challenge | None, at: datetime) -> Problem:
    """Why no code may be tried for the challenge as it stands."""
    gone = challenge is None or not challenge.is_open(at)
    return ChallengeOver() if gone else AttemptsUsedUp()
