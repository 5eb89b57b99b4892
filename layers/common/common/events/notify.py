"""What notify tells."""

from pydantic import Field

from common.events import Erased, Event, ExportPart


class MessageSent(Event):
    """A message was handed to the provider."""

    name = "notify.message_sent.v1"

    customer_id: str | None
    message_id: str
    letter: str
    channel: str


class MessageRead(Event):
    """The customer has read a message that was sent to them."""

    name = "notify.message_read.v1"

    customer_id: str
    message_id: str


class MessageSuppressed(Event):
    """A gate stopped a message: `reason` says which."""

    name = "notify.message_suppressed.v1"

    customer_id: str
    message_id: str
    letter: str
    reason: str


class MessageDue(Event):
    """A message that waited, or comes late, is to be looked at again: by notify itself, or first by
    the capability whose event it tells of, where its letter is to be proven. `claim` holds the
    event's plain facts."""

    name = "notify.message_due.v1"

    customer_id: str
    message_id: str
    letter: str = ""
    claim: dict[str, str | int | None] = Field(default_factory=dict)


class ConsentChanged(Event):
    """A customer agreed to messages about a topic, or withdrew."""

    name = "notify.consent_changed.v1"

    customer_id: str
    topic: str
    given: bool
    text_version: str
    source: str


class CustomerErased(Erased):
    """What notify had of a customer is erased."""

    name = "notify.customer_erased.v1"


class ExportPartReady(ExportPart):
    """What notify has of a customer lies ready for their export."""

    name = "notify.export_part_ready.v1"
