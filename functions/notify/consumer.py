"""Events notify listens to: contacts to remember, and facts to write letters about.

Every event that has a letter in `letters/` is written about. A letter is claimed, sent, and
noted as sent; whatever comes again finds the note and does nothing. A crash after the claim
sends again once the claim has run out: a second letter is better than none.
"""

import json
import os
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, ids, language, sealing
from common.events import Event
from common.events.auth import CodeRequested, ContactChanged
from common.events.known import EVENTS
from common.events.notify import MessageSent
from common.events.orders import GuestContactGiven
from common.logs import logger
from notify import letter, ses, store
from notify.letter import Letter, Shop
from notify.message import Contact, Message

CODES_SENT_WITHIN = timedelta(days=1)


class ContactUnknown(Exception):
    """Auth's event with the address is still on its way: the queue will try again."""


def remember(changed: ContactChanged) -> None:
    """Keep where a customer's letters go; news that are older than what is known change nothing."""
    contact = Contact(changed.customer_id, changed.email, changed.language, changed.time_zone)
    store.save_contact(contact, changed.subject_version)


def remember_guest(given: GuestContactGiven) -> None:
    """Keep where a guest's letters go."""
    contact = Contact(given.customer_id, given.email, given.language, given.time_zone)
    store.save_contact(contact, given.subject_version)


def write(event: Any) -> None:
    """Write to the customer about *event*, once however often it comes."""
    contact = store.contact(event.customer_id)
    if contact is None:
        raise ContactUnknown
    claim = _claim(event, store.of_customer(event.customer_id))
    _send(event, event.model_dump(), contact, claim, event.customer_id)


def write_code(event: CodeRequested) -> None:
    """Send the code to the address to be proven; what was sealed is neither kept nor logged.

    Not when the event is old: the code opens nothing by then, and the row that tells of the
    first letter may be gone.
    """
    if clock.now() - event.occurred_at > CODES_SENT_WITHIN:
        logger.warning("code too old", challenge_id=event.challenge_id)
        return
    opened = json.loads(sealing.unseal(event.challenge_id, event.letter))
    contact = Contact("", opened["to"], event.language, os.environ["SHOP_TIME_ZONE"])
    claim = _claim(event, store.of_challenge(event.challenge_id))
    _send(event, event.model_dump() | opened, contact, claim, None)


def _claim(event: Event, owner: str) -> store.Claim:
    return store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)


def _send(
    event: Event,
    facts: dict[str, Any],
    contact: Contact,
    claim: store.Claim,
    customer_id: str | None,
) -> None:
    spoken = language.preferred(contact.language)
    written = letter.render(event.name, spoken, facts, _shop(), _zone(contact))
    message = Message(
        id=claim.message_id,
        letter=event.name,
        kind=written.kind,
        language=spoken,
        created_at=event.occurred_at,
        subject=written.subject,
        text=written.text,
    )
    # A guest may have given a phone number only.
    if contact.email is not None and store.take(claim, message, clock.now()):
        _hand_over(contact.email, written, message, claim, customer_id)


def _hand_over(
    email: str, written: Letter, message: Message, claim: store.Claim, customer_id: str | None
) -> None:
    """Give the letter to the provider and note what came of it."""
    try:
        confirmed = ses.send(email, written, message.id)
    except ses.BadAddress:
        store.mark_failed(claim)
        logger.warning("letter failed", message_id=message.id, letter=message.letter)
        return
    except ses.Unavailable:
        store.release(claim)
        raise
    event = MessageSent(
        id=ids.derived(message.id, "sent"),
        occurred_at=clock.now(),
        customer_id=customer_id,
        message_id=message.id,
        letter=message.letter,
        channel="email",
    )
    store.mark_sent(claim, event, confirmed=confirmed)
    logger.info("letter sent", message_id=message.id, letter=message.letter, confirmed=confirmed)


def _shop() -> Shop:
    return Shop(os.environ["SHOP_NAME"], os.environ["PUBLIC_URL"])


def _zone(contact: Contact) -> ZoneInfo:
    """The customer's time zone; the shop's where that name means nothing (and the log says so)."""
    try:
        return ZoneInfo(contact.time_zone)
    except (KeyError, ValueError, OSError):
        logger.warning("unknown time zone", customer_id=contact.customer_id)
        return clock.shop_zone()


REACTIONS: consumer.Reactions = {
    **{EVENTS[name]: write for name in letter.names()},
    ContactChanged: remember,
    GuestContactGiven: remember_guest,
    CodeRequested: write_code,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
