"""What notify tells."""

from common.events import Event


class MessageSent(Event):
    """A letter was handed to the provider."""

    name = "notify.message_sent.v1"

    customer_id: str | None
    message_id: str
    letter: str
    channel: str
