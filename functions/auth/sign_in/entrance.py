"""Entrance: whoever has shown who they are begins a session, unless the account is not any
longer what they showed it by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auth import devices, store
from auth.account import Account, PasskeyUse
from auth.history import store as history
from auth.history.history import success
from auth.session.session import Assurance, Device, Session
from auth.sign_in import risk
from auth.sign_in.problems import Overtaken, WrongCredentials, WrongPasskey, WrongSecondFactor
from common import ids, outbox
from common.access import Role
from common.events import Event
from common.events.sign_in import RecoveryCodeUsed, SignedIn, UnfamiliarSignIn
from common.events.staff import StaffSignedIn


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody got in: from where, on what, by which methods (RFC 8176), and what that
    changes in the account: a hash made anew, the step of a one-time code, a recovery code used
    (as its hash), a passkey used. `failures` is how many wrong passwords there were lately;
    `shown_at` is where the code went that they got in by."""

    network: str
    device: Device
    amr: tuple[str, ...]
    password_hash: str | None = None
    totp_step: int | None = None
    recovery_code: str | None = None
    passkey: PasskeyUse | None = None
    failures: int = 0
    shown_at: str | None = None

    def with_second(
        self,
        method: str,
        *,
        totp_step: int | None = None,
        recovery_code: str | None = None,
        passkey: PasskeyUse | None = None,
    ) -> "Entry":
        """The entry once a second factor was shown by *method*."""
        amr = tuple(dict.fromkeys((*self.amr, method, "mfa")))
        used = passkey or self.passkey
        return replace(
            self, amr=amr, totp_step=totp_step, recovery_code=recovery_code, passkey=used
        )

    @property
    def acr(self) -> Assurance:
        return Assurance.TWO if "mfa" in self.amr else Assurance.ONE


def enter(account: Account, entry: Entry, at: datetime, *writes: store.Write) -> Session:
    """Begin a session in *account*, as it was read, and carry out *writes* with it.

    NotProven when what was shown does not prove any more: the password was changed, sessions
    were revoked or the code used meanwhile. Refused when one of *writes* was.
    """
    session = Session(ids.new(at), account.id, account.role, at, entry.device, entry.acr, entry.amr)

    def attempt(found: Account) -> None:
        _require_proven(account, found, entry)
        unusual = risk.assess(found.seen, devices.origin(found.id, entry.device), entry.failures)
        kept = history.kept(found, success(session, unusual))
        told = map(outbox.row, _told(account, entry, session, unusual))
        store.begin_session(found, _after(found, entry, at), session, *writes, kept, *told)

    try:
        store.persist(account, attempt)
    except store.Changed as gone:
        raise WrongCredentials from gone
    return session


def _require_proven(shown: Account, found: Account, entry: Entry) -> None:
    if found.password_version != shown.password_version:
        raise WrongCredentials
    if not found.proves_as(shown):
        raise Overtaken
    if entry.totp_step and (found.totp_step or 0) >= entry.totp_step:
        raise WrongSecondFactor
    if entry.recovery_code and entry.recovery_code not in found.recovery_codes:
        raise WrongSecondFactor
    if not found.may_use(entry.passkey):
        raise WrongPasskey


def _after(account: Account, entry: Entry, at: datetime) -> Account:
    origin = devices.origin(account.id, entry.device)
    return replace(
        account.using(entry.recovery_code)
        .having_used(entry.passkey, at)
        .knowing(devices.mark(account.id, entry.network))
        .having_seen(origin.marks),
        password_hash=entry.password_hash or account.password_hash,
        totp_step=entry.totp_step or account.totp_step,
    )


def _told(
    account: Account, entry: Entry, session: Session, unusual: Sequence[risk.Reason]
) -> list[Event]:
    told = [_signed_in(session, session.started_at), *_warned(session, unusual)]
    if entry.recovery_code:
        told.append(recovery_used(account, session.started_at))
    return told


def recovery_used(account: Account, at: datetime) -> Event:
    """What tells that one of the recovery codes that *account* had was used."""
    left = len(account.recovery_codes) - 1
    return RecoveryCodeUsed(id=ids.new(at), occurred_at=at, customer_id=account.id, left=left)


def _warned(session: Session, unusual: Sequence[risk.Reason]) -> list[Event]:
    """What the owner hears of an unusual sign-in; staff have their second factor."""
    if session.role is not Role.CUSTOMER or not risk.is_told(unusual):
        return []
    at, device = session.started_at, session.device
    seen = UnfamiliarSignIn(
        id=ids.new(at),
        occurred_at=at,
        customer_id=session.subject_id,
        entry_id=session.id,
        device=device.name or device.platform,
        place=device.place,
        country=device.country,
    )
    return [seen]


def _signed_in(session: Session, at: datetime) -> Event:
    known = {"id": ids.new(at), "occurred_at": at, "session_id": session.id}
    if session.role is Role.CUSTOMER:
        return SignedIn(customer_id=session.subject_id, **known)
    return StaffSignedIn(staff_id=session.subject_id, **known)
