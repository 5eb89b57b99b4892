"""How a challenge begins and is met: asked for once a key, guessed within limits."""

from datetime import datetime
from uuid import UUID

from auth.challenge import challenge as challenges
from auth.challenge import codes, store
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose, WrongCode
from common import ids, limits, pepper
from common.errors import Busy, KeyReused, Problem
from common.events.auth import ChallengeBegun

# Of one contact or account, over all its challenges: five each would be no bound (ASVS 6.6.3).
GUESSES = limits.Limit("code-guesses", 50, 24 * 60 * 60)
NO_TIME = str(UUID(int=0))


def identity(purpose: Purpose, key: str | None, owner: str, at: datetime) -> str:
    """The challenge's id. Under a key it follows from it, so that a repeated call meets its own
    row; without the pepper nobody can foresee it."""
    if key is None:
        return ids.new(at)
    return ids.derived(NO_TIME, pepper.mac(purpose.value, key, owner).hex())


def begin(challenge: Challenge) -> bool:
    """Ask for the challenge's letter; whether an earlier call did under the same key.

    The same work whoever the address belongs to: auth's consumer looks later, and chooses the
    letter. KeyReused when the earlier call asked for something else.
    """
    at = challenge.begun_at
    event = ChallengeBegun(id=ids.new(at), occurred_at=at, challenge_id=challenge.id)
    events = [] if challenge.channel is Channel.NONE else [event]
    earlier = store.add(challenge, *events)
    if earlier and not earlier.asks_the_same(challenge):
        raise KeyReused
    return earlier is not None


def prove(
    challenge_id: str, purpose: Purpose, code: str, at: datetime, session_id: str | None = None
) -> Challenge:
    """The challenge whose code *code* is. ChallengeOver, AttemptsUsedUp, TooManyRequests or
    WrongCode; the attempt counts before it is compared."""
    return met(attempt(challenge_id, purpose, at, session_id), code)


def met(challenge: Challenge, code: str) -> Challenge:
    """The challenge, an attempt of which was counted, if *code* is its code. WrongCode."""
    if not codes.matches(challenge.code_hash, challenge.purpose.value, challenge.id, code):
        raise WrongCode(attempts_left=challenge.attempts_left)
    return challenge


def attempt(
    challenge_id: str, purpose: Purpose, at: datetime, session_id: str | None = None
) -> Challenge:
    """The challenge, one attempt less."""
    try:
        challenge = store.count_attempt(challenge_id, purpose, at, session_id)
    except store.Refused as refused:
        raise challenges.why_refused(refused.found, at) from refused
    limits.take(GUESSES, challenge.counted_at)
    return challenge


def why_not_used(proven: Challenge) -> Problem:
    """Why what *proven* was to do, and be used up by, was refused: it has served already, or
    something else that was to be written with it changed meanwhile."""
    standing = store.find(proven.id)
    return ChallengeOver() if standing is None or standing.consumed else Busy()


def attempt_unless_met(
    challenge_id: str, purpose: Purpose, at: datetime, session_id: str
) -> Challenge | None:
    """As `attempt`; None where that session has met the challenge lately, for its answer may have
    been lost."""
    try:
        return attempt(challenge_id, purpose, at, session_id)
    except ChallengeOver:
        if _was_met(challenge_id, purpose, session_id, at):
            return None
        raise


def _was_met(challenge_id: str, purpose: Purpose, session_id: str, at: datetime) -> bool:
    found = store.find(challenge_id)
    mine = found and found.purpose is purpose and found.session_id == session_id
    return bool(found and mine and found.consumed and at < found.valid_until)
