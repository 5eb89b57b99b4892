"""Messages: one letter to one person about one event, and how far it got."""

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


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a customer's letters go, and how they speak to them."""

    customer_id: str
    email: str | None
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Message:
    """`letter` is the event's name. Of what was sealed, `subject` and `text` are not kept."""

    id: str
    letter: str
    kind: Kind
    language: Language
    created_at: datetime
    subject: str = ""
    text: str = ""
    state: State = State.CREATED
    sent_at: datetime | None = None


def first_line(text: str) -> str:
    """What a list of letters shows of one."""
    return text.partition("\n")[0]
