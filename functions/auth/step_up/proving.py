"""How a step-up begins and is proven: within limits, once, for its own act and session."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from auth import owner, store
from auth.account import Account, PasskeyUse
from auth.challenge import codes, proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.factors.offers import RECOVERY_CODE, TOTP
from auth.password import passwords
from auth.sign_in.entrance import recovery_used
from auth.sign_in.guesses import recovery_code, totp_step
from auth.sign_in.problems import WrongSecondFactor
from auth.step_up.step_up import PASSWORD, ProofNotOffered, WrongProof, offered
from common import access, limits, outbox
from common.access import Caller
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
    """What is shown: the password, a code, or a recovery code."""

    password: str | None
    code: str | None
    recovery_code: str | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What works once and was shown: the step of an authenticator's code, a recovery code, an
    assertion of a passkey."""

    totp_step: int | None = None
    recovery_code: str | None = None
    passkey: PasskeyUse | None = None

    def is_spent(self, account: Account) -> bool:
        """Whether that is so in *account* already."""
        if self.recovery_code and self.recovery_code not in account.recovery_codes:
            return True
        if not account.may_use(self.passkey):
            return True
        return self.totp_step is not None and (account.totp_step or 0) >= self.totp_step

    def of(self, account: Account, at: datetime) -> Account:
        """The account once it is, *at* that moment."""
        step = self.totp_step or account.totp_step
        used = account.using(self.recovery_code).having_used(self.passkey, at)
        return replace(used, totp_step=step)


def begin(caller: Caller, asked: Asked, key: str, at: datetime) -> tuple[Challenge, Account, bool]:
    """The challenge of the caller's session, the account it is about, and whether an earlier call
    under *key* began it."""
    account = owner.own(caller)
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
    """Write onto the caller's session that its owner was there for the challenge's act. As
    `prove_by`; WrongProof, ProofNotOffered."""
    prove_by(caller, challenge_id, lambda begun, account: _shown(begun, account, given, at), at)


def prove_by(
    caller: Caller, challenge_id: str, shown: Callable[[Challenge, Account], Spent], at: datetime
) -> None:
    """Write it, whatever was *shown*, which tells what of it works once.

    Nothing happens when that has been proven before: the answer was lost.
    """
    challenge = proof.attempt_unless_met(challenge_id, Purpose.STEP_UP, at, caller.session_id)
    if challenge:
        account = owner.own(caller)
        _write(challenge, account, shown(challenge, account), at)


def _shown(challenge: Challenge, account: Account, given: Given, at: datetime) -> Spent:
    """What of the proof works once. WrongProof, ProofNotOffered."""
    if given.password is not None:
        offered(account, PASSWORD)
        right = passwords.matches(account.password_hash, given.password)
        _require(challenge, right)
        return Spent()
    if given.recovery_code is not None or challenge.channel is Channel.NONE:
        return _spent(challenge, account, given, at)
    if offered(account, challenge.channel.value).to != challenge.to:
        raise ProofNotOffered  # the contact is another by now
    purpose, code = challenge.purpose.value, str(given.code)
    _require(challenge, codes.matches(challenge.code_hash, purpose, challenge.id, code))
    return Spent()


def _require(challenge: Challenge, right: bool) -> None:
    if not right:
        raise WrongProof(attempts_left=challenge.attempts_left)


def _spent(challenge: Challenge, account: Account, given: Given, at: datetime) -> Spent:
    offered(account, TOTP if given.recovery_code is None else RECOVERY_CODE)
    try:
        if given.recovery_code is not None:
            return Spent(recovery_code=recovery_code(account, given.recovery_code))
        return Spent(totp_step=totp_step(account, str(given.code), at))
    except WrongSecondFactor as wrong:
        raise WrongProof(attempts_left=challenge.attempts_left) from wrong


def _write(challenge: Challenge, account: Account, spent: Spent, at: datetime) -> None:
    """The proof, guarded by the account: what has changed since proves nothing."""
    proven = store.proven(str(challenge.session_id), str(challenge.act), at)

    def attempt(found: Account) -> None:
        if spent.is_spent(found) or not found.proves_as(account):
            raise WrongProof(attempts_left=challenge.attempts_left)
        told = [outbox.row(recovery_used(found, at))] if spent.recovery_code else []
        met = challenges.consume(challenge, at)
        store.change_account(found, spent.of(found, at), met, proven, *told)

    try:
        store.persist(account, attempt)
    except store.Refused as over:
        raise ChallengeOver from over
