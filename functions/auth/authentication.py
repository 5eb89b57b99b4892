"""Who signs in: the password, within limits, and for staff a second factor.

Guesses are counted before anything is compared, by three counters: of an address of the network
(in auth.app); of a login from one such address; and of a login from all addresses it has not
signed in from before. So neither many guesses from one place nor few from many get far, and
strangers cannot lock the owner out of where they usually are. Beyond a limit the right password
is answered like a wrong one, 429, and a login that does not exist like one that does.
"""

from dataclasses import dataclass
from datetime import datetime

from auth import passwords, store, totp
from auth.claim import Claim, Renewal, with_source
from auth.sessions import Session
from common import ids, limits, pepper, sealing
from common.access import Role
from common.errors import Problem
from common.events import Event
from common.events.auth import SignedIn, StaffSignedIn
from common.language import Text

AT_LOGIN = limits.Limit("sign-in-login", 10, 15 * 60)
AT_LOGIN_BY_STRANGERS = limits.Limit("sign-in-strangers", 50, 24 * 60 * 60)
SECOND_FACTORS = limits.Limit("second-factor", 10, 15 * 60)


class NotProven(Problem):
    """Whoever signs in has not shown to be who they say (RFC 9110 §15.5.2)."""

    status = 401

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": "Bearer"}


class WrongCredentials(NotProven):
    code = "wrong_credentials"
    title = Text(ru="Неверный логин или пароль.", en="The login or the password is wrong.")


class SecondFactorRequired(NotProven):
    """The password was right: the same call with `totp_code` signs in."""

    code = "second_factor_required"
    title = Text(
        ru="Введите код из приложения-аутентификатора.", en="Enter the code from your app."
    )


class WrongSecondFactor(NotProven):
    code = "wrong_second_factor"
    title = Text(
        ru="Код не подошёл. Дождитесь следующего.",
        en="That is not the code. Wait for the next one.",
    )


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody shows, and the address of the network they show it from.

    Staff must show `totp_code` too, unless their second factor is waived.
    """

    login: str
    password: str
    address: str
    totp_code: str | None = None
    second_factor_waived: bool = False


def sign_in(shown: Credentials, at: datetime) -> Session:
    """A session that has begun, for whoever *shown* proves. NotProven or TooManyRequests."""
    claim = store.claim(shown.login)
    _count_guess(claim, shown)
    matched = passwords.matches(claim.password_hash if claim else None, shown.password)
    if claim is None or not matched:
        raise WrongCredentials
    renewal = Renewal(
        password_hash=_renewed_hash(claim, shown.password),
        sources=with_source(claim.sources, source(shown.login, shown.address)),
        totp_step=_second_factor(claim, shown, at),
    )
    return _begin(claim, renewal, at)


def source(login: str, address: str) -> str:
    """The mark by which *login* knows *address* again; means nothing to anybody else."""
    return pepper.mac("source", login, address).hex()[:16]


def _count_guess(claim: Claim | None, shown: Credentials) -> None:
    limits.take(AT_LOGIN, f"{shown.login} {shown.address}")
    known = claim and source(shown.login, shown.address) in claim.sources
    if not known:
        limits.take(AT_LOGIN_BY_STRANGERS, shown.login)


def _renewed_hash(claim: Claim, password: str) -> str | None:
    """A hash with today's parameters, where the kept one is older."""
    outdated = passwords.is_outdated(claim.password_hash)
    return passwords.hashed(password) if outdated else None


def _second_factor(claim: Claim, shown: Credentials, at: datetime) -> int | None:
    """The step of the one-time code that staff must show."""
    if claim.role is Role.CUSTOMER or shown.second_factor_waived:
        return None
    if shown.totp_code is None or claim.totp_sealed is None:
        raise SecondFactorRequired
    limits.take(SECOND_FACTORS, claim.subject_id)
    secret = sealing.unseal(claim.subject_id, claim.totp_sealed)
    step = totp.matching_step(secret, shown.totp_code, at)
    if step is None:
        raise WrongSecondFactor
    return step


def _begin(claim: Claim, renewal: Renewal, at: datetime) -> Session:
    session = Session(ids.new(at), claim.subject_id, claim.role, started_at=at)
    try:
        store.begin_session(claim, renewal, session, _signed_in(session, at))
    except store.Refused as refused:
        changed = refused.found is None or refused.found.password_version != claim.password_version
        raise (WrongCredentials if changed else WrongSecondFactor) from refused
    return session


def _signed_in(session: Session, at: datetime) -> Event:
    known = {"id": ids.new(at), "occurred_at": at, "session_id": session.id}
    if session.role is Role.CUSTOMER:
        return SignedIn(customer_id=session.subject_id, **known)
    return StaffSignedIn(staff_id=session.subject_id, **known)
