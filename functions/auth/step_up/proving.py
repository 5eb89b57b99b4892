"""How a step-up begins and is proven: within limits, once, for its own act and session."""

from dataclasses import dataclass, replace
from datetime import datetime

from auth import store
from auth.account import Account
from auth.challenge import codes, proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.factors.offers import TOTP
from auth.password import passwords
from auth.sign_in.guesses import totp_step
from auth.sign_in.problems import WrongSecondFactor
from auth.step_up.step_up import PASSWORD, WrongProof, offered
from common import access, limits
from common.access import Caller
from common.errors import Unauthorized
from common.language import Language

STEP_UPS = limits.Limit("step-ups", 30, 60 * 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """For what act, and by what channel a code shall come, if by any."""

    act: access.Act
    channel: Channel
    language: Language
    network: str


@dataclass(frozen=True, slots=True)
class Given:
    """What is shown: the password, or a code."""

    password: str | None
    code: str | None


def begin(caller: Caller, asked: Asked, key: str, at: datetime) -> tuple[Challenge, Account, bool]:
    """The challenge of the caller's session, the account it is about, and whether an earlier call
    under *key* began it."""
    account = live_account(caller)
    limits.take(STEP_UPS, account.id)
    sent = asked.channel is not Channel.NONE
    challenge = Challenge(
        id=proof.identity(Purpose.STEP_UP, key, caller.session_id, at),
        purpose=Purpose.STEP_UP,
        channel=asked.channel,
        to=(offered(account, asked.channel.value).to or "") if sent else "",
        language=asked.language,
        network=asked.network,
        begun_at=at,
        subject_id=account.id,
        session_id=caller.session_id,
        act=asked.act.value,
    )
    return challenge, account, proof.begin(challenge)


def prove(caller: Caller, challenge_id: str, given: Given, at: datetime) -> None:
    """Write onto the caller's session that its owner was there for the challenge's act.

    Nothing happens when that has been proven before: the answer was lost.
    """
    try:
        challenge = proof.attempt(challenge_id, Purpose.STEP_UP, at, caller.session_id)
    except ChallengeOver:
        if proof.was_met(challenge_id, Purpose.STEP_UP, caller.session_id, at):
            return
        raise
    account = live_account(caller)
    step = _shown(challenge, account, given, at)
    _write(challenge, account, step, at)


def live_account(caller: Caller) -> Account:
    """The caller's account. Unauthorized when the session has ended, this very moment."""
    account = store.account(caller.id, caller.role)
    if account is None or not account.is_in(caller.session_id):
        raise Unauthorized
    return account


def _shown(challenge: Challenge, account: Account, given: Given, at: datetime) -> int | None:
    """The step of an authenticator's code, if it is one. WrongProof, ProofNotOffered."""
    if given.password is not None:
        offered(account, PASSWORD)
        right = passwords.matches(account.password_hash, given.password)
        _require(challenge, right)
        return None
    if challenge.channel is Channel.NONE:
        return _step(challenge, account, str(given.code), at)
    offered(account, challenge.channel.value)
    purpose, code = challenge.purpose.value, str(given.code)
    _require(challenge, codes.matches(challenge.code_hash, purpose, challenge.id, code))
    return None


def _require(challenge: Challenge, right: bool) -> None:
    if not right:
        raise WrongProof(attempts_left=challenge.attempts_left)


def _step(challenge: Challenge, account: Account, code: str, at: datetime) -> int:
    offered(account, TOTP)
    try:
        return totp_step(account, code, at)
    except WrongSecondFactor as wrong:
        raise WrongProof(attempts_left=challenge.attempts_left) from wrong


def _write(challenge: Challenge, account: Account, step: int | None, at: datetime) -> None:
    """The proof, guarded by the account: what has changed since proves nothing."""
    proven = store.proven(str(challenge.session_id), str(challenge.act), at)

    def attempt(found: Account) -> None:
        used = step is not None and (found.totp_step or 0) >= step
        if used or not found.proves_as(account):
            raise WrongProof(attempts_left=challenge.attempts_left)
        after = replace(found, totp_step=step or found.totp_step)
        store.change_account(found, after, challenges.consume(challenge, at), proven)

    try:
        store.persist(account, attempt)
    except store.Refused as over:
        raise ChallengeOver from over
