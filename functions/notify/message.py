"""Messages: one fact told to one person, the way it went, and how far it got."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.language import Language


class Kind(StrEnum):
    """Why a letter is sent: what a customer may switch off depends on it."""

    TRANSACTIONAL = "transactional"
    SECURITY = "security"
    MARKETING = "marketing"


class State(StrEnum):
    """Created is claimed for sending; failed is what no provider would take."""

    CREATED = "created"
    SENT = "sent"
    FAILED = "failed"


class Channel(StrEnum):
    """How a message travels; the inbox alone is where it stays if there is no other way."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    MESSENGER = "messenger"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a customer is reached, and how they are spoken to."""

    customer_id: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Message:
    """`letter` is the event's name. Of what was sealed, `subject` and `text` are not kept.

    `channel` is the way that the message went, once it did.
    """

    id: str
    letter: str
    kind: Kind
    language: Language
    created_at: datetime
    subject: str = ""
    text: str = ""
    state: State = State.CREATED
    sent_at: datetime | None = None
    channel: Channel | None = None


def first_line(text: str) -> str:
    """What a list of letters shows of one."""
    return text.partition("\n")[0]
