"""The items of auth's table as the domain's values, and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from auth.account import Account, Begun, ContactChange, Factor, FactorKind, Identity, Passkey
from auth.session.session import Assurance, Device, Session
from common.access import Role
from common.expressions import Item


def account_key(subject_id: str, role: Role) -> str:
    """The pk under which all of somebody's own lies."""
    return f"{'CUSTOMER' if role is Role.CUSTOMER else 'STAFF'}#{subject_id}"


def account_row(account: Account) -> Item:
    return {"pk": account_key(account.id, account.role), "sk": "ACCOUNT", **_account(account)}


def claim_row(login: str, account: Account) -> Item:
    """Whose *login* is, with a copy of the account: who signs in is read by it alone."""
    return {"pk": f"LOGIN#{login}", "sk": "LOGIN", **_account(account)}


def identity_key(issuer: str, subject: str) -> str:
    return f"IDENTITY#{issuer}#{subject}"


def identity_row(identity: Identity, account: Account) -> Item:
    """Whose account somewhere else it is: it makes *identity* one account's."""
    return {
        "pk": identity_key(identity.issuer, identity.subject),
        "sk": "IDENTITY",
        "subject_id": account.id,
        "role": account.role.name.lower(),
    }


def passkey_row(passkey: Passkey, account: Account) -> Item:
    """Whose the credential is: it makes *passkey* one account's."""
    return {
        "pk": f"PASSKEY#{passkey.credential_id}",
        "sk": "PASSKEY",
        "subject_id": account.id,
        "role": account.role.name.lower(),
    }


def _account(account: Account) -> Item:
    return {
        "subject_id": account.id,
        "role": account.role.name.lower(),
        "logins": list(account.logins),
        "version": account.version,
        "password_hash": account.password_hash,
        "password_version": account.password_version,
        "revocations": account.revocations,
        "identities": _parts(account.identities),
        "passkeys": _parts(account.passkeys),
        "factors": _parts(account.factors),
        "totp_step": account.totp_step,
        "recovery_codes": list(account.recovery_codes),
        "enrolling": account.enrolling,
        "devices": list(account.devices),
        "seen": list(account.seen),
        "sessions": _parts(account.sessions),
        "changes": _parts(account.changes),
    }


def account(row: Item) -> Account:
    """The account of its own row, or of a claim's."""
    return Account(
        id=row["subject_id"],
        role=Role[row["role"].upper()],
        logins=tuple(row["logins"]),
        version=row["version"],
        password_hash=row["password_hash"],
        password_version=row["password_version"],
        revocations=row["revocations"],
        identities=tuple(Identity(**_timed(part, "linked_at")) for part in row["identities"]),
        passkeys=tuple(_passkey(part) for part in row["passkeys"]),
        factors=tuple(_factor(part) for part in row["factors"]),
        totp_step=row["totp_step"],
        recovery_codes=tuple(row["recovery_codes"]),
        enrolling=row["enrolling"],
        devices=tuple(row["devices"]),
        seen=tuple(row["seen"]),
        sessions=tuple(Begun(**_timed(part, "at")) for part in row["sessions"]),
        changes=tuple(_change(part) for part in row["changes"]),
    )


def session_row(session: Session) -> Item:
    return {
        "pk": f"SESSION#{session.id}",
        "sk": "SESSION",
        "subject_id": session.subject_id,
        "role": session.role.name.lower(),
        "started_at": session.started_at.isoformat(),
        "device": asdict(session.device),
        "acr": session.acr.value,
        "amr": list(session.amr),
        "proofs": {},
        "generation": session.generation,
        "expires_at": seconds(session.ends_at),
    }


def session(row: Item) -> Session:
    rotated_at = row.get("rotated_at")
    return Session(
        id=row["pk"].removeprefix("SESSION#"),
        subject_id=row["subject_id"],
        role=Role[row["role"].upper()],
        started_at=datetime.fromisoformat(row["started_at"]),
        device=Device(**row["device"]),
        acr=Assurance(row["acr"]),
        amr=tuple(row["amr"]),
        generation=row["generation"],
        rotated_at=datetime.fromisoformat(rotated_at) if rotated_at else None,
        ended="ended_at" in row,
    )


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def _factor(part: Item) -> Factor:
    return Factor(**_timed(part, "added_at") | {"kind": FactorKind(part["kind"])})


def _passkey(part: Item) -> Passkey:
    used_at = part["used_at"]
    used = {"used_at": datetime.fromisoformat(used_at) if used_at else None}
    return Passkey(**_timed(part, "added_at") | used)


def _change(part: Item) -> ContactChange:
    return ContactChange(**_timed(part, "at") | {"before": tuple(part["before"])})


def _parts(values: tuple[Any, ...]) -> list[Item]:
    """Dataclasses as items, their moments as text."""
    return [
        {name: v.isoformat() if isinstance(v, datetime) else v for name, v in asdict(part).items()}
        for part in values
    ]


def _timed(part: Item, name: str) -> Item:
    return part | {name: datetime.fromisoformat(part[name])}
