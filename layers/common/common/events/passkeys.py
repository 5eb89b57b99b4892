"""What auth tells of customers' passkeys."""

from common.events import Event


class PasskeyAdded(Event):
    """The customer may sign in by a passkey from now on, which they call so."""

    name = "auth.passkey_added.v1"

    customer_id: str
    called: str


class PasskeyRemoved(Event):
    """A passkey of the customer's is gone: every other session has ended."""

    name = "auth.passkey_removed.v1"

    customer_id: str
    called: str


class PasskeyCopied(Event):
    """A passkey of the customer's was refused, for its counter went back as a copy's does: told
    once a day. `entry_id` names it in their history."""

    name = "auth.passkey_copied.v1"

    customer_id: str
    entry_id: str
    device: str | None
    place: str
    country: str | None
