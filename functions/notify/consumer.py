"""Events notify listens to: contacts to remember, and facts to write letters about.

Every event that has a letter in `letters/` is written about. A message is claimed, sent, and
noted as sent; whatever comes again finds the note and does nothing. A crash after the claim
sends again once the claim has run out: a second letter is better than none.
"""

import json
import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer, ids, language, sealing
from common.events import Event
from common.events.auth import CodeRequested, ContactChanged
from common.events.known import EVENTS
from common.language import Language
from common.logs import logger
from notify import code_text, letter, messenger, ses, sms, store, voice
from notify.delivery import Way, deliver
from notify.letter import Letter, Shop
from notify.message import Channel, Contact, Kind, Message

CODES_SENT_WITHIN = timedelta(days=1)


class ContactUnknown(Exception):
    """Auth's event with the address is still on its way: the queue will try again."""


def remember(changed: ContactChanged) -> None:
    """Keep where a customer is reached; news that are older than what is known change nothing."""
    contact = Contact(
        changed.customer_id, changed.email, changed.phone, changed.language, changed.time_zone
    )
    store.save_contact(contact, changed.subject_version)


def write(event: Any) -> None:
    """Write to the customer about *event*, once however often it comes."""
    contact = store.contact(event.customer_id)
    if contact is None:
        raise ContactUnknown
    spoken = language.preferred(contact.language)
    written = letter.render(event.name, spoken, event.model_dump(), _shop(), _zone(contact))
    claim = _claim(event, store.of_customer(event.customer_id))
    message = _message(claim, event, spoken, written)
    deliver(claim, message, _ways(contact, written, message.id), event.customer_id)


def write_code(event: CodeRequested) -> None:
    """Send the code to the address to be proven; what was sealed is neither kept nor logged.

    Not when the event is old: the code opens nothing by then, and the row that tells of the
    first message may be gone.
    """
    if clock.now() - event.occurred_at > CODES_SENT_WITHIN:
        logger.warning("code too old", challenge_id=event.challenge_id)
        return
    opened = json.loads(sealing.unseal(event.challenge_id, event.letter))
    spoken = language.preferred(event.language)
    facts, name = event.model_dump() | opened, f"{event.name}.{event.purpose}"
    written = letter.render(name, spoken, facts, _shop(), clock.shop_zone())
    claim = _claim(event, store.of_challenge(event.challenge_id))
    message = _message(claim, event, spoken, written)
    deliver(claim, message, _code_ways(event, opened, written, message), None)


def _claim(event: Event, owner: str) -> store.Claim:
    return store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)


def _message(claim: store.Claim, event: Event, spoken: Language, written: Letter) -> Message:
    return Message(
        id=claim.message_id,
        letter=event.name,
        kind=written.kind,
        language=spoken,
        created_at=event.occurred_at,
        subject=written.subject,
        text=written.text,
    )


def _ways(contact: Contact, written: Letter, message_id: str) -> list[Way]:
    """By e-mail; what is urgent for the customer's safety by SMS too. Else it is in the inbox."""
    ways = []
    if contact.email is not None:
        by_email = partial(ses.send, contact.email, written, message_id)
        ways.append(Way(Channel.EMAIL, contact.email, by_email))
    if contact.phone is not None and written.kind is Kind.SECURITY:
        by_sms = partial(sms.send, contact.phone, written.notice(_shop()))
        ways.append(Way(Channel.SMS, contact.phone, by_sms))
    return ways or [Way(Channel.INBOX, "", lambda: True)]


def _code_ways(
    event: CodeRequested, opened: Mapping[str, str], written: Letter, message: Message
) -> list[Way]:
    """The channel that was asked for; a number that wants no SMS is called."""
    to, shop, spoken = opened["to"], _shop(), message.language
    told = (event.purpose, opened["code"], shop, spoken)
    ssml = code_text.spoken(opened["code"], shop, spoken)
    call = Way(Channel.VOICE, to, partial(voice.call, to, ssml, spoken, message.id))
    match event.channel:
        case "email":
            return [Way(Channel.EMAIL, to, partial(ses.send, to, written, message.id))]
        case "sms":
            return [Way(Channel.SMS, to, partial(sms.send, to, code_text.sms(*told))), call]
        case "voice":
            return [call]
        case "messenger":
            text = code_text.messenger(*told)
            return [Way(Channel.MESSENGER, to, partial(messenger.send, to, text, message.id))]


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
    **{EVENTS[name]: write for name in letter.events()},
    ContactChanged: remember,
    CodeRequested: write_code,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
