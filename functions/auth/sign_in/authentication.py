"""Who signs in: the password or a code, within limits, and a second factor where there is one.

Guesses are counted before anything is compared, by three counters: of an address of the network
(in the routes); of a login from one such address; and of a login from all addresses it has not
signed in from before. So neither many guesses from one place nor few from many get far, and
strangers cannot lock the owner out of where they usually are. Beyond a limit the right password
is answered like a wrong one, 429, and a login that does not exist like one that does.
"""

from dataclasses import dataclass
from datetime import datetime

from auth import devices, store
from auth.account import Account, FactorKind
from auth.challenge import proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.history import store as history
from auth.history.history import Outcome
from auth.password import passwords
from auth.session.session import Device, Session
from auth.sign_in import entrance, holding, totp
from auth.sign_in.entrance import Entry
from auth.sign_in.problems import (
    SecondFactorRequired,
    TooManyGuesses,
    WrongCredentials,
    WrongSecondFactor,
)
from common import limits, sealing
from common.access import Role
from common.errors import TooManyRequests
from common.language import DEFAULT, Language

AT_LOGIN = limits.Limit("sign-in-login", 10, 15 * 60)
AT_LOGIN_BY_STRANGERS = limits.Limit("sign-in-strangers", 50, 24 * 60 * 60)
SECOND_FACTORS = limits.Limit("second-factor", 10, 15 * 60)


@dataclass(frozen=True, slots=True)
class Shown:
    """From where and on what somebody signs in, and the code of their second factor.

    Staff must show one, unless it is waived for them.
    """

    network: str
    device: Device
    totp_code: str | None = None
    second_factor_waived: bool = False
    language: Language = DEFAULT


def by_password(login: str, password: str, shown: Shown, at: datetime) -> Session:
    """A session that has begun, for whoever the password proves. NotProven or TooManyGuesses."""
    account = store.account_by_login(login)
    _count_guess(login, account, shown.network)
    matched = passwords.matches(account.password_hash if account else None, password)
    if account is None or not matched:
        history.count_wrong(login, at)
        raise WrongCredentials
    step = _second_factor(account, shown, at)
    failures = _failures(account, login, shown, at)
    holding.require_usual(account, shown.device, shown.network, shown.language, failures, at)
    entry = Entry(
        network=shown.network,
        device=shown.device,
        amr=("pwd", "otp", "mfa") if step else ("pwd",),
        password_hash=_renewed_hash(account, password),
        totp_step=step,
        failures=failures,
    )
    return entrance.enter(account, entry, at)


def ask_code(
    login: str, language: Language, network: str, key: str | None, at: datetime
) -> tuple[Challenge, bool]:
    """The challenge by which *login* may sign in, and whether an earlier call under *key* began
    it. It looks at no account: a login that does not exist costs and tells what any other does."""
    challenge = Challenge(
        id=proof.identity(Purpose.SIGN_IN, key, login, at),
        purpose=Purpose.SIGN_IN,
        channel=Channel.EMAIL if "@" in login else Channel.SMS,
        to=login,
        language=language,
        network=network,
        begun_at=at,
    )
    return challenge, proof.begin(challenge)


def by_code(challenge_id: str, code: str, shown: Shown, at: datetime) -> Session:
    """A session that has begun, for whoever got the code."""
    proven = proof.prove(challenge_id, Purpose.SIGN_IN, code, at)
    account = store.account_by_login(proven.to)
    if account is None or account.id != proven.subject_id:
        raise ChallengeOver  # the login is another's by now
    step = _second_factor(account, shown, at)
    method = "sms" if proven.channel is Channel.SMS else "otp"
    amr = (method, "mfa") if step else (method,)
    entry = Entry(shown.network, shown.device, amr, totp_step=step)
    try:
        return entrance.enter(account, entry, at, challenges.consume(proven, at))
    except store.Refused as used:
        raise ChallengeOver from used


def _count_guess(login: str, account: Account | None, network: str) -> None:
    known = account and devices.mark(account.id, network) in account.devices
    try:
        limits.take(AT_LOGIN, f"{login} {network}")
        if not known:
            limits.take(AT_LOGIN_BY_STRANGERS, login)
    except TooManyRequests as used_up:
        raise TooManyGuesses(used_up.members["retry_after_seconds"]) from used_up


def _failures(account: Account, login: str, shown: Shown, at: datetime) -> int:
    """Wrong passwords lately; not asked for where the account is at home, which costs a trip."""
    at_home = devices.origin(account.id, shown.device).network in account.seen
    return 0 if at_home or account.role is not Role.CUSTOMER else history.wrong_lately(login, at)


def _renewed_hash(account: Account, password: str) -> str | None:
    """A hash with today's parameters, where the kept one is older."""
    outdated = passwords.is_outdated(account.password_hash or "")
    return passwords.hashed(password) if outdated else None


def _second_factor(account: Account, shown: Shown, at: datetime) -> int | None:
    """The step of the one-time code that the account's second factor, or staff's, asks for."""
    factor = account.factor(FactorKind.TOTP)
    if shown.second_factor_waived and account.role is not Role.CUSTOMER:
        return None
    if factor is None and account.role is Role.CUSTOMER:
        return None
    if shown.totp_code is None or factor is None:
        raise SecondFactorRequired
    try:
        return totp_step(account, shown.totp_code, at)
    except WrongSecondFactor:
        history.count(account, Outcome.SECOND_FACTOR_REFUSED, shown.device, at)
        raise


def totp_step(account: Account, code: str, at: datetime) -> int:
    """The step whose code *code* is, for the account's authenticator. WrongSecondFactor."""
    factor = account.factor(FactorKind.TOTP)
    limits.take(SECOND_FACTORS, account.id)
    secret = sealing.unseal(account.id, factor.sealed) if factor and factor.sealed else None
    step = totp.matching_step(secret, code, at) if secret else None
    if step is None:
        raise WrongSecondFactor
    return step
