"""An account: whose it is, how they prove it, and where they are signed in."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from auth.session.session import Session, ends_at
from common.access import Role

MOST_DEVICES = 5
# Of each kind: devices, networks, countries.
MOST_SEEN = 5
MOST_SESSIONS = 20


class FactorKind(StrEnum):
    """By what a second factor reaches its owner or is read."""

    TOTP = "totp"
    SMS = "sms"
    VOICE = "voice"
    MESSENGER = "messenger"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor: a `sealed` secret (totp) or the address or number that codes go `to`."""

    id: str
    kind: FactorKind
    added_at: datetime
    sealed: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the customer is to a provider: *subject* at *issuer*; their e-mail there may
    become somebody else's."""

    issuer: str
    subject: str
    provider: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyUse:
    """What using the passkey *id* once told of it."""

    id: str
    sign_count: int
    synced: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential; `credential_id` and `public_key` in base64url. `synced` where its
    owner has it on other devices too."""

    id: str
    credential_id: str
    public_key: str
    sign_count: int
    name: str
    added_at: datetime
    synced: bool = False
    used_at: datetime | None = None

    def may_count(self, sign_count: int) -> bool:
        """Whether *sign_count* can come after its own; one that went back is a copy's. Passkeys
        that are synced count nothing."""
        return sign_count > self.sign_count or sign_count == self.sign_count == 0

    def used(self, use: PasskeyUse, at: datetime) -> "Passkey":
        return replace(self, sign_count=use.sign_count, synced=use.synced, used_at=at)


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that lives, and since when."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A change of contacts that can be undone: the logins ahead of it."""

    id: str
    before: tuple[str, ...]
    at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's or member of staff's.

    `logins` are an e-mail address, a phone in E.164, or both, the one that was there first ahead.
    `version` grows with every change;
    `password_version` when the password is changed, not when it is only hashed anew;
    `revocations` when sessions are ended by something else than their own sign-out.
    `devices` are marks of the addresses they signed in from lately, newest last; `seen` are those
    of devices, coarse networks and countries (`auth.devices.origin`); `totp_step` is the last
    step whose code was used; `changes` are those of contacts, of the last days, oldest first.
    `factors` come in the order in which they are asked for, and `recovery_codes`, as hashes, stand
    in for them; `enrolling` is the factor being added.
    """

    id: str
    role: Role
    logins: tuple[str, ...]
    version: int = 1
    password_hash: str | None = None
    password_version: int = 1
    revocations: int = 0
    identities: tuple[Identity, ...] = ()
    passkeys: tuple[Passkey, ...] = ()
    factors: tuple[Factor, ...] = ()
    totp_step: int | None = None
    recovery_codes: tuple[str, ...] = ()
    enrolling: str | None = None
    devices: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    sessions: tuple[Begun, ...] = ()
    changes: tuple[ContactChange, ...] = ()

    @property
    def email(self) -> str | None:
        return next((login for login in self.logins if "@" in login), None)

    @property
    def phone(self) -> str | None:
        return next((login for login in self.logins if "@" not in login), None)

    def factor(self, kind: FactorKind) -> Factor | None:
        return next((factor for factor in self.factors if factor.kind is kind), None)

    def identity(self, issuer: str, subject: str) -> Identity | None:
        named = issuer, subject
        return next((one for one in self.identities if (one.issuer, one.subject) == named), None)

    def passkey(self, id_: str) -> Passkey | None:
        return next((passkey for passkey in self.passkeys if passkey.id == id_), None)

    def passkey_of(self, credential_id: str) -> Passkey | None:
        return next((one for one in self.passkeys if one.credential_id == credential_id), None)

    @property
    def ways_in(self) -> int:
        """How many ways of signing in there are: codes go to each login."""
        passwords = 1 if self.password_hash else 0
        return passwords + len(self.logins) + len(self.identities) + len(self.passkeys)

    @property
    def session_ids(self) -> frozenset[str]:
        return frozenset(session.id for session in self.sessions)

    def is_in(self, session_id: str) -> bool:
        """Whether the session lives, as far as it has not run out by itself."""
        return session_id in self.session_ids

    def live_at(self, at: datetime) -> frozenset[str]:
        """Its sessions that have not run out by themselves."""
        return frozenset(s.id for s in self.sessions if at < ends_at(s.at, self.role))

    def revoking(self) -> "Account":
        """The account as it is when sessions are revoked: sign-ins under way are refused."""
        return replace(self, revocations=self.revocations + 1)

    def using(self, recovery_code: str | None) -> "Account":
        """The account without the recovery code, which works once."""
        left = tuple(code for code in self.recovery_codes if code != recovery_code)
        return replace(self, recovery_codes=left)

    def may_use(self, use: PasskeyUse | None) -> bool:
        """Whether the passkey is still there, and was not used further meanwhile."""
        found = self.passkey(use.id) if use else None
        return use is None or (found is not None and found.may_count(use.sign_count))

    def having_used(self, use: PasskeyUse | None, at: datetime) -> "Account":
        """The account once the passkey was used *at* that moment."""
        if use is None:
            return self
        used = (one.used(use, at) if one.id == use.id else one for one in self.passkeys)
        return replace(self, passkeys=tuple(used))

    def knowing(self, device: str) -> "Account":
        """The account with *device* among those it knows."""
        if device in self.devices:
            return self
        return replace(self, devices=(*self.devices, device)[-MOST_DEVICES:])

    def having_seen(self, marks: Collection[str]) -> "Account":
        """The account with *marks* among those that it has seen, newest last; the oldest of a kind
        make room."""
        seen = [mark for mark in self.seen if mark not in marks]
        for mark in marks:
            alike = [known for known in seen if known.startswith(mark.partition(":")[0])]
            gone = alike[: max(len(alike) + 1 - MOST_SEEN, 0)]
            seen = [*(known for known in seen if known not in gone), mark]
        return replace(self, seen=tuple(seen))

    def entered(self, session: Session) -> tuple["Account", tuple[Begun, ...]]:
        """The account with *session* in it, and the oldest ones that must end for it."""
        now = session.started_at
        live = tuple(s for s in self.sessions if now < ends_at(s.at, self.role))
        live = (*live, Begun(session.id, now))
        cut = max(len(live) - MOST_SESSIONS, 0)
        return replace(self, sessions=live[cut:]), live[:cut]

    def without(self, sessions: frozenset[str]) -> "Account":
        """The account without those *sessions*."""
        return replace(self, sessions=tuple(s for s in self.sessions if s.id not in sessions))

    def proves_as(self, before: "Account") -> bool:
        """Whether what *before* was proven by still proves, and its sessions were not revoked."""
        return (self.password_version, self.revocations, self.factors) == (
            before.password_version,
            before.revocations,
            before.factors,
        )
