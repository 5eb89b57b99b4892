"""A claim: the one row by which a login belongs to somebody, with what proves them."""

from dataclasses import dataclass

from common.access import Role

MOST_SOURCES = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose *login* is, and how they prove it.

    `password_version` grows when the password is changed, not when it is only hashed anew.
    `sources` are marks of where they signed in from lately, newest last.
    """

    login: str
    subject_id: str
    role: Role
    password_hash: str
    password_version: int = 1
    sources: tuple[str, ...] = ()
    totp_sealed: str | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a sign-in changes in the claim, where it is not None."""

    password_hash: str | None = None
    sources: tuple[str, ...] | None = None
    totp_step: int | None = None


def with_source(sources: tuple[str, ...], source: str) -> tuple[str, ...] | None:
    """*sources* with *source* as the newest, or None when it is known already."""
    return None if source in sources else (*sources, source)[-MOST_SOURCES:]
