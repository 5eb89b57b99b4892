"""The items of auth's table as the domain's values, and back."""

from datetime import datetime

from auth.claim import Claim
from auth.registration import KEPT, Registration
from auth.sessions import Session
from common.access import Role
from common.expressions import Item
from common.language import Language


def registration_row(asked: Registration) -> Item:
    return {
        "pk": f"REGISTRATION#{asked.id}",
        "sk": "REGISTRATION",
        "email": asked.email,
        "password_hash": asked.password_hash,
        "language": asked.language.value,
        "time_zone": asked.time_zone,
        "requested_at": asked.requested_at.isoformat(),
        "valid_until": seconds(asked.valid_until),
        "expires_at": seconds(asked.requested_at + KEPT),
        "attempts": 0,
    }


def claim_row(claim: Claim) -> Item:
    row = {
        "pk": f"LOGIN#{claim.login}",
        "sk": "LOGIN",
        "login": claim.login,
        "subject_id": claim.subject_id,
        "role": claim.role.name.lower(),
        "password_hash": claim.password_hash,
        "password_version": claim.password_version,
        "sources": list(claim.sources),
    }
    return row | ({"totp_sealed": claim.totp_sealed} if claim.totp_sealed else {})


def claim(row: Item) -> Claim:
    return Claim(
        login=row["login"],
        subject_id=row["subject_id"],
        role=Role[row["role"].upper()],
        password_hash=row["password_hash"],
        password_version=row["password_version"],
        sources=tuple(row["sources"]),
        totp_sealed=row.get("totp_sealed"),
    )


def registration(row: Item) -> Registration:
    return Registration(
        id=row["pk"].removeprefix("REGISTRATION#"),
        email=row["email"],
        password_hash=row["password_hash"],
        language=Language(row["language"]),
        time_zone=row["time_zone"],
        requested_at=datetime.fromisoformat(row["requested_at"]),
        code_hash=row.get("code_hash"),
        attempts=row["attempts"],
        lettered="lettered_at" in row,
        consumed="consumed_at" in row,
    )


def session_row(session: Session) -> Item:
    return {
        "pk": f"SESSION#{session.id}",
        "sk": "SESSION",
        "subject_id": session.subject_id,
        "role": session.role.name.lower(),
        "started_at": session.started_at.isoformat(),
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
        generation=row["generation"],
        rotated_at=datetime.fromisoformat(rotated_at) if rotated_at else None,
        ended="ended_at" in row,
    )


def seconds(at: datetime) -> int:
    return int(at.timestamp())
