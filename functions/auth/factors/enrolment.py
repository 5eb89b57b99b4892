"""Enrolment: a second factor that somebody has begun to add, until a code of it proves it.

Until then it changes nothing in signing in. One enrolment is under way at a time: another one,
begun later, ends it, so a secret that was shown and lost is worth nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from auth import owner, store
from auth.account import Account, Factor, FactorKind
from auth.challenge import proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose, WrongCode
from auth.factors import factors, settings
from auth.sign_in import totp
from common import access, ids, limits, outbox, sealing
from common.access import Act, Caller
from common.events.auth import ChallengeBegun
from common.language import Language

ENROLMENTS = limits.Limit("factor-enrolments", 20, 60 * 60)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be added, where its codes go, and how the answer is told."""

    kind: FactorKind
    to: str
    language: Language
    network: str


def begin(
    caller: Caller, asked: Asked, secret: str | None, at: datetime
) -> tuple[Challenge, Account]:
    """Begin to add a factor to the account that is answered too: an authenticator with its
    *secret*, or a channel to which a code is sent. StepUpRequired without a fresh proof."""
    account, session = store.account_and_session(caller)
    access.require_proof(session, Act.FACTORS, at)
    limits.take(ENROLMENTS, caller.id)
    sealed = sealing.seal(caller.id, secret) if secret else None
    begun = Challenge(
        id=ids.new(at),
        purpose=Purpose.FACTOR,
        channel=Channel.NONE if secret else Channel(asked.kind.value),
        to=asked.to,
        language=asked.language,
        network=asked.network,
        begun_at=at,
        subject_id=caller.id,
        session_id=caller.session_id,
        about={"kind": asked.kind.value, "sealed": sealed},
    )
    own = owner.live(account, caller)
    _keep(own, begun, caller)
    return begun, own


def confirm(caller: Caller, enrolment_id: str, code: str, at: datetime) -> None:
    """Add the factor whose *code* proves it; nothing happens when that was done before.

    ChallengeOver, AttemptsUsedUp, TooManyRequests or WrongCode. Where it takes another one's
    place, other sessions end.
    """
    begun = proof.attempt_unless_met(enrolment_id, Purpose.FACTOR, at, caller.session_id)
    if begun:
        _add(caller, begun, _step(begun, caller, code, at), at)


def _keep(account: Account, begun: Challenge, caller: Caller) -> None:
    at = begun.begun_at
    event = ChallengeBegun(id=ids.new(at), occurred_at=at, challenge_id=begun.id)
    letters = [] if begun.channel is Channel.NONE else [outbox.row(event)]

    def attempt(found: Account) -> None:
        after = replace(owner.live(found, caller), enrolling=begun.id)
        store.change_account(found, after, challenges.addition(begun), *letters)

    store.persist(account, attempt)


def _step(begun: Challenge, caller: Caller, code: str, at: datetime) -> int | None:
    """The step of an authenticator's code, if it is one. WrongCode."""
    if begun.channel is not Channel.NONE:
        proof.met(begun, code)
        return None
    step = totp.matching_step(sealing.unseal(caller.id, begun.about["sealed"]), code, at)
    if step is None:
        raise WrongCode(attempts_left=begun.attempts_left)
    return step


def _add(caller: Caller, begun: Challenge, step: int | None, at: datetime) -> None:
    kind = FactorKind(begun.about["kind"])
    factor = Factor(begun.id, kind, at, sealed=begun.about["sealed"], to=begun.to or None)

    def attempt(found: Account) -> None:
        if owner.live(found, caller).enrolling != begun.id:
            raise ChallengeOver
        steps = max(step or 0, found.totp_step or 0) or None
        after = replace(factors.added(found, factor), enrolling=None, totp_step=steps)
        told = settings.told_added(found, kind, at)
        met = challenges.consume(begun, at)
        if found.factor(kind) is None:
            store.change_account(found, after, met, *map(outbox.row, told))
        else:
            settings.end_others(caller, found, after, at, told, met)

    try:
        store.persist(owner.own(caller), attempt)
    except store.Refused as used:
        raise ChallengeOver from used
