"""Who signs in: by the password or a code, within limits; the door asks for what else it takes.

Guesses are counted before anything is compared, by three counters: of an address of the network
(in the routes); of a login from one such address; and of a login from all addresses it has not
signed in from before. So neither many guesses from one place nor few from many get far, and
strangers cannot lock the owner out of where they usually are. Beyond a limit the right password
is answered like a wrong one, 429, and a login that does not exist like one that does.
"""

from datetime import datetime

from auth import devices, store
from auth.account import Account
from auth.challenge import proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.history import store as history
from auth.password import passwords
from auth.session.session import Session
from auth.sign_in import door
from auth.sign_in.door import Shown
from auth.sign_in.entrance import Entry
from auth.sign_in.problems import TooManyGuesses, WrongCredentials
from common import limits
from common.access import Role
from common.errors import TooManyRequests
from common.language import Language

AT_LOGIN = limits.Limit("sign-in-login", 10, 15 * 60)
AT_LOGIN_BY_STRANGERS = limits.Limit("sign-in-strangers", 50, 24 * 60 * 60)


def by_password(login: str, password: str, shown: Shown, at: datetime) -> Session:
    """A session that has begun, for whoever the password proves. NotProven, which is also
    SecondFactorRequired, or TooManyGuesses."""
    account = store.account_by_login(login)
    _count_guess(login, account, shown.network)
    matched = passwords.matches(account.password_hash if account else None, password)
    if account is None or not matched:
        history.count_wrong(login, at)
        raise WrongCredentials
    entry = Entry(
        network=shown.network,
        device=shown.device,
        amr=("pwd",),
        password_hash=_renewed_hash(account, password),
        failures=_failures(account, login, shown, at),
    )
    return door.admit(account, entry, shown, at)


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
    method = "sms" if proven.channel is Channel.SMS else "otp"
    entry = Entry(shown.network, shown.device, (method,), shown_at=proven.to)
    try:
        return door.admit(account, entry, shown, at, challenges.consume(proven, at))
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
