"""Letters whose address is sealed in their event, with the code or the link that they bring.

What was sealed is neither kept nor logged.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

from common import clock, ids, language, sealing, table
from common.events.auth import CodeRequested, ContactUndoOffered
from common.events.erasure import ErasureFinished
from common.events.staff import StaffInvited
from common.logs import logger
from notify import letter, recipient_store, ses, sms, store
from notify.correspondence import current_shop
from notify.delivery import Way, deliver
from notify.letter import Letter
from notify.message import Channel, Message

type SealedEvent = CodeRequested | ContactUndoOffered | ErasureFinished | StaffInvited


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed (the address is `to`), and the letter that is written of it."""

    sealed: Mapping[str, str]
    written: Letter
    message: Message

    def by_email(self) -> Way:
        to = self.sealed["to"]
        return Way(Channel.EMAIL, to, partial(ses.send, to, self.written, self.message.id))

    def by_sms(self, text: str) -> Way:
        to = self.sealed["to"]
        return Way(Channel.SMS, to, partial(sms.send, to, text))

    def by(self, channel: str, path: str) -> Way:
        """The letter, or an SMS that says where all of it is."""
        if channel == "email":
            return self.by_email()
        return self.by_sms(self.written.notice(current_shop(), path))


def send(
    event: SealedEvent,
    subject_id: str,
    within: timedelta,
    ways: Callable[[Opened], list[Way]],
    name: str | None = None,
) -> None:
    """Send the letter *name* (the event's, if none is said) by the first of *ways* that takes it;
    *subject_id* is what the event was sealed for.

    Not when the event is older than *within*: what it brings opens nothing by then, and the row
    that tells of the first letter may be gone. Changed where it was to go to a login of a
    customer's that is off the account.
    """
    if clock.now() - event.occurred_at > within:
        logger.warning("event too old", event_name=event.name, subject_id=subject_id)
        return
    sealed = json.loads(sealing.unseal(subject_id, event.letter))
    spoken, facts = language.preferred(event.language), event.model_dump() | sealed
    written = letter.render(name or event.name, spoken, facts, current_shop(), clock.shop_zone())
    owner = store.of_challenge(subject_id)
    claim = store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)
    message = Message(claim.message_id, event.name, written.kind, spoken, event.occurred_at)
    chosen, guards = ways(Opened(sealed, written, message)), _guards(event, sealed["to"])
    deliver(claim, message, chosen, None, *guards)


def _guards(event: SealedEvent, to: str) -> list[table.Write]:
    if not isinstance(event, CodeRequested) or event.customer_id is None:
        return []
    return [recipient_store.still_reached(event.customer_id, to, event.subject_version)]
