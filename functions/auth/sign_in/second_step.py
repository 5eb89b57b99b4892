"""The second step of a sign-in: the first proof was right, a second one is awaited.

The step is a challenge of its own purpose: ten minutes, five attempts, and good for nothing but
to end the sign-in that it began. What the account was proven by then must still prove.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from auth import devices, store
from auth.account import Account, PasskeyUse
from auth.challenge import challenge as challenges
from auth.challenge import codes, proof
from auth.challenge import store as kept
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.factors import offers
from auth.factors.offers import Offer
from auth.history import store as history
from auth.history.history import Outcome
from auth.session.session import Device, Session
from auth.sign_in import entrance, guesses
from auth.sign_in.entrance import Entry
from auth.sign_in.problems import MethodNotOffered, Overtaken, WrongSecondFactor
from common import ids, limits
from common.access import Role
from common.events.auth import ChallengeBegun
from common.language import DEFAULT, Language

# What a code by each channel is called in `amr` (RFC 8176).
METHODS = {Channel.SMS: "sms", Channel.VOICE: "tel"}


@dataclass(frozen=True, slots=True)
class Given:
    """What is shown: the code that was sent, the authenticator's, or a recovery code."""

    code: str | None = None
    totp_code: str | None = None
    recovery_code: str | None = None


def begin(
    account: Account, entry: Entry, asked: tuple[Offer, ...], at: datetime, *writes: store.Write
) -> Challenge:
    """Keep what was proven until one of *asked* is shown too, and carry out *writes*. Refused when
    one of them was."""
    step = _awaiting(account, entry, asked, at)
    try:
        kept.add_with(step, *writes)
    except kept.Refused as refused:
        raise store.Refused from refused
    return step


def send(step_id: str, method: str, language: Language, at: datetime) -> Challenge:
    """Have a code sent by *method*; one that was sent before is none any more. ChallengeOver,
    AttemptsUsedUp, MethodNotOffered."""
    step = kept.find(step_id)
    if step is None or step.purpose is not Purpose.SECOND_STEP:
        raise ChallengeOver
    to = next((o.to for o in _offers(step) if o.kind == method), None)
    if to is None:
        raise MethodNotOffered
    step = replace(step, channel=Channel(method), to=to, language=language)
    event = ChallengeBegun(id=ids.new(at), occurred_at=at, challenge_id=step.id)
    try:
        kept.send_anew(step, at, event)
    except kept.Refused as refused:
        raise challenges.why_refused(refused.found, at) from refused
    return step


def confirm(step_id: str, given: Given, at: datetime) -> Session:
    """A session that has begun, for whoever shows the second proof too. Refuses as `complete`."""
    return complete(step_id, lambda step, account: _completed(step, account, given, at), at)


def complete(
    step_id: str, completed: Callable[[Challenge, Account], Entry], at: datetime
) -> Session:
    """A session that has begun, for whoever shows what makes the entry *completed*.

    ChallengeOver, AttemptsUsedUp, TooManyRequests, Overtaken or WrongSecondFactor; the attempt
    counts before anything is compared.
    """
    step = proof.attempt(step_id, Purpose.SECOND_STEP, at)
    account = store.account(str(step.subject_id), Role[step.about["role"]])
    if account is None or _proven(account) != step.about["proven"]:
        raise Overtaken
    try:
        entry = completed(step, account)
        return entrance.enter(account, entry, at, kept.consume(step, at))
    except WrongSecondFactor as wrong:
        _note_refused(step, account, at)
        raise WrongSecondFactor(attempts_left=step.attempts_left) from wrong
    except store.Refused as used:
        raise ChallengeOver from used


def _awaiting(account: Account, entry: Entry, asked: tuple[Offer, ...], at: datetime) -> Challenge:
    return Challenge(
        id=ids.new(at),
        purpose=Purpose.SECOND_STEP,
        channel=Channel.NONE,
        to="",
        language=DEFAULT,
        network=entry.network,
        begun_at=at,
        subject_id=account.id,
        at_home=devices.mark(account.id, entry.network) in account.devices,
        about={
            "role": account.role.name,
            "entry": asdict(entry) | {"amr": list(entry.amr)},
            "proven": _proven(account),
            "offers": [asdict(offer) for offer in asked],
        },
    )


def _note_refused(step: Challenge, account: Account, at: datetime) -> None:
    device = _entry(step.about["entry"]).device
    history.count(account, Outcome.SECOND_FACTOR_REFUSED, device, at)


def first_proof(step: Challenge) -> Entry:
    """What was shown before the second proof."""
    return _entry(step.about["entry"])


def require_offer(step: Challenge, kind: str) -> None:
    """WrongSecondFactor unless a proof of that *kind* is asked for, among others."""
    _require(any(offer.kind == kind for offer in _offers(step)))


def _completed(step: Challenge, account: Account, given: Given, at: datetime) -> Entry:
    entry = first_proof(step)
    if given.totp_code is not None:
        require_offer(step, offers.TOTP)
        step_ = guesses.totp_step(account, given.totp_code, at)
        return entry.with_second("otp", totp_step=step_)
    if given.recovery_code is not None:
        used = guesses.recovery_code(account, given.recovery_code)
        return entry.with_second("otp", recovery_code=used)
    limits.take(guesses.SECOND_FACTORS, account.id)
    _require(codes.matches(step.code_hash, step.purpose.value, step.id, str(given.code)))
    return entry.with_second(METHODS.get(step.channel, "otp"))


def _require(right: bool) -> None:
    if not right:
        raise WrongSecondFactor


def _offers(step: Challenge) -> list[Offer]:
    return [Offer(**offer) for offer in step.about["offers"]]


def _entry(row: Mapping[str, Any]) -> Entry:
    used = row.get("passkey")  # a step of before passkeys has none
    known = {
        "device": Device(**row["device"]),
        "amr": tuple(row["amr"]),
        "passkey": PasskeyUse(**used) if used else None,
    }
    return Entry(**{**row, **known})


def _proven(account: Account) -> list[Any]:
    """What the first proof stands on, and by what the second one may be shown."""
    factors = sorted(factor.id for factor in account.factors)
    return [account.password_version, account.revocations, factors]
