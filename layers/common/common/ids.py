"""Identifiers: UUIDv7 for what is new (RFC 9562), and ones derived from their cause."""

import hashlib
import os
from datetime import UTC, datetime
from uuid import UUID


def new(at: datetime) -> str:
    """A random UUIDv7: ids sort by the millisecond in which they were made."""
    return _uuid(_milliseconds(at), os.urandom(10), version=7)


def derived(cause: str, rule: str) -> str:
    """The id of what *rule* makes of *cause*, the same at every delivery.

    A UUIDv8 that keeps the cause's time, so that it sorts beside its cause.
    """
    digest = hashlib.sha256(f"{cause}:{rule}".encode()).digest()
    return _uuid(UUID(cause).int >> 80, digest[:10], version=8)


def at(moment: datetime, cause: str, rule: str) -> str:
    """The id of what *rule* made of *cause* at *moment*: the same whenever it is asked for, and
    sorting by that moment."""
    digest = hashlib.sha256(f"{cause}:{rule}".encode()).digest()
    return _uuid(_milliseconds(moment), digest[:10], version=8)


def first_at(at: datetime) -> str:
    """The smallest id of this moment: a bound for queries over sorted ids."""
    return _uuid(_milliseconds(at), bytes(10), version=7)


def made_at(id_: str) -> datetime:
    """The moment in which *id_* was made."""
    return datetime.fromtimestamp((UUID(id_).int >> 80) / 1000, UTC)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _uuid(milliseconds: int, tail: bytes, version: int) -> str:
    value = milliseconds << 80 | int.from_bytes(tail)
    value = value & ~(0xF << 76) | version << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))
