"""Messages: one fact told to one person, the way it went, and how far it got."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.language import Language


class Kind(StrEnum):
    """Why a letter is sent: what a customer may switch off depends on it."""

    TRANSACTIONAL = "transactional"
    SECURITY = "security"
    MARKETING = "marketing"


class Topic(StrEnum):
    """What a message is about, as a customer chooses by it. Security has none."""

    ACCOUNT = "account"
    ORDERS = "orders"
    POINTS = "points"
    SUPPORT = "support"
    CART = "cart"
    ALERTS = "alerts"
    PROMOTIONS = "promotions"
    BIRTHDAY = "birthday"
    INACTIVITY = "inactivity"
    NEWS = "news"
    REVIEWS = "reviews"


# What only goes to customers who agreed to it.
MARKETING = frozenset(
    {
        Topic.CART,
        Topic.ALERTS,
        Topic.PROMOTIONS,
        Topic.BIRTHDAY,
        Topic.INACTIVITY,
        Topic.NEWS,
        Topic.REVIEWS,
    }
)


class State(StrEnum):
    """Created is claimed for sending, deferred waits for the morning, suppressed was stopped by
    a gate; failed is what no provider would take."""

    CREATED = "created"
    DEFERRED = "deferred"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


class Reason(StrEnum):
    """Which gate stopped a message, in the order in which they are asked; what lapsed was true no
    longer when it was to go."""

    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    SWITCHED_OFF = "switched_off"
    TOO_MANY = "too_many"
    LAPSED = "lapsed"


class Channel(StrEnum):
    """How a message travels; the inbox alone is where it stays if there is no other way."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"
    MESSENGER = "messenger"
    PUSH = "push"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a customer is reached, and how they are spoken to."""

    customer_id: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str

    @property
    def addresses(self) -> dict[Channel, str]:
        """What each channel's provider calls them, best channel first."""
        known = {Channel.EMAIL: self.email, Channel.SMS: self.phone}
        return {channel: address for channel, address in known.items() if address is not None}


@dataclass(frozen=True, slots=True)
class Message:
    """`letter` is the event's name. Of what was sealed, `subject` and `text` are not kept.

    `channel` is the way that the message went, once it did; `reason` says why it did not. `told` is
    the event, kept of what may have to wait; `push` is what devices show, and not kept.
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
    topic: Topic | None = None
    reason: Reason | None = None
    told: str = ""
    read_at: datetime | None = None
    push: str = ""

    @property
    def is_unread(self) -> bool:
        """It reached the customer, who has not said to have read it."""
        return self.state is State.SENT and self.read_at is None

    @property
    def is_open(self) -> bool:
        """It may still go out."""
        return self.state in (State.CREATED, State.DEFERRED)

    @property
    def claim(self) -> dict[str, str | int | None]:
        """The plain facts of the event that is told, without lists of them."""
        facts = json.loads(self.told or "{}")
        return {k: value for k, value in facts.items() if isinstance(value, str | int | None)}


def first_line(text: str) -> str:
    """What a list of letters shows of one."""
    return text.partition("\n")[0]
