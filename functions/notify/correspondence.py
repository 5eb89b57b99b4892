"""Messages to customers about what happened: through the gates, and by the way they chose.

What a gate stops is kept with its reason, and marketing at night waits for the morning; then it
stands before the gates once more. What changes by itself waits until it is proven, unless it was
known to be so just now. Consent and count are part of the claim: whoever withdraws
before it gets no message after. Devices show a message beside its letter, and never instead: who
signed in with a stolen password is not to be the only one who hears of it.
"""

import json
import os
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from common import clock, erasure, ids, language, not_me, outbox, table
from common.errors import Busy
from common.events.known import EVENTS
from common.events.notify import MessageSuppressed
from common.events.passkeys import PasskeyCopied
from common.events.sign_in import SignInHeld, UnfamiliarSignIn
from common.logs import logger
from notify import gates, guest, letter, proof, quiet, recipient_store, ses, sms, store
from notify.delivery import Way, deliver
from notify.letter import Letter, Shop
from notify.message import Channel, Contact, Kind, Message, Reason
from notify.preferences import store as preferences
from notify.push import delivery as pushes
from notify.recipient import Recipient
from notify.unsubscribe import tokens

ATTEMPTS = 5


class ContactUnknown(Exception):
    """Auth's event with the address is still on its way: the queue will try again."""


def write(event: Any, known_at: datetime | None = None) -> None:
    """Write to the customer about *event*, once however often it comes; at *known_at* it was known
    to be so, or else when it happened. Busy when what decides keeps changing."""
    marketing = letter.kind(event.name) is Kind.MARKETING
    for _ in range(ATTEMPTS):
        try:
            to = recipient_store.recipient(event.customer_id, marketing=marketing)
        except recipient_store.CustomerGone:
            return None
        if to is None:
            raise ContactUnknown
        try:
            return _decide(event, guest.reached(event, to), known_at or event.occurred_at)
        except store.Changed:
            continue
    raise Busy


def write_again(customer_id: str, message_id: str, known_at: datetime) -> None:
    """Write about what waited, and was known to be so at *known_at*; nothing is left to do where
    it was settled meanwhile."""
    message = store.message(customer_id, message_id)
    if message is not None and message.is_open:
        write(EVENTS[message.letter].model_validate(json.loads(message.told)), known_at)


def drop(customer_id: str, message_id: str) -> None:
    """What waited is not so any longer: it is not sent."""
    message = store.message(customer_id, message_id)
    if message is not None and message.is_open:
        claim = store.Claim(store.of_customer(customer_id), message_id, uuid4().hex)
        _stop(claim, message, customer_id, Reason.LAPSED, clock.now())


def _decide(event: Any, to: Recipient, known_at: datetime) -> None:
    """Send now, wait, or stop."""
    now, written = clock.now(), _letter(event, to.contact)
    claim = store.Claim(
        store.of_customer(event.customer_id), ids.derived(event.id, "letter"), uuid4().hex
    )
    message = _message(claim.message_id, event, written, to.contact)
    most = int(os.environ["MARKETING_A_WEEK"])
    if reason := gates.stopped(message, to, most, now):
        _stop(claim, message, event.customer_id, reason, now)
    elif due := _quiet_until(message, to.contact, now):
        store.defer(claim, message, proof.morning(due), store.waking(claim, due), now)
    elif proof.is_due(message, known_at, now):
        late = proof.lateness(known_at)
        asked = proof.asked(message, event.customer_id, late, now)
        store.defer(claim, message, late, outbox.row(asked), now)
    else:
        ways = _ways(message, to, written, guest.page(event))
        deliver(claim, message, ways, event.customer_id, *_guards(message, to, now))
        _push(message, to)


def _push(message: Message, to: Recipient) -> None:
    """Unless an earlier delivery stopped the message."""
    customer = to.contact.customer_id
    if gates.is_pushed(message, to) and store.has_gone(customer, message.id):
        pushes.push(message, customer, to.devices, *_standing(message, to))


def _letter(event: Any, contact: Contact) -> Letter:
    spoken, shop = language.preferred(contact.language), current_shop()
    source = letter.source(event.name, spoken)
    leave = ""
    if source.kind is Kind.MARKETING and source.topic:
        token = tokens.seal(tokens.Link(contact.customer_id, source.topic))
        leave = f"{shop.url}/v1/unsubscribe/{token}"
    facts = event.model_dump() | _links(event)
    return letter.render(event.name, spoken, facts, shop, _zone(contact), leave)


def _links(event: Any) -> dict[str, str]:
    """What only the letter tells: the link by which a customer says that it was not them."""
    if not isinstance(event, UnfamiliarSignIn | SignInHeld | PasskeyCopied):
        return {}
    return {"not_me": not_me.seal(not_me.Link(event.customer_id, event.entry_id))}


def _message(message_id: str, event: Any, written: Letter, contact: Contact) -> Message:
    return Message(
        id=message_id,
        letter=event.name,
        kind=written.kind,
        language=language.preferred(contact.language),
        created_at=event.occurred_at,
        subject=written.subject,
        text=written.text,
        topic=written.topic,
        told=event.model_dump_json() if written.kind is Kind.MARKETING else "",
        push=written.push,
    )


def _stop(
    claim: store.Claim, message: Message, customer_id: str, reason: Reason, now: datetime
) -> None:
    event = MessageSuppressed(
        id=ids.derived(message.id, "suppressed"),
        occurred_at=now,
        customer_id=customer_id,
        message_id=message.id,
        letter=message.letter,
        reason=reason,
    )
    if store.stop(claim, message, event, now):
        logger.info("message suppressed", message_id=message.id, reason=reason)


def _quiet_until(message: Message, contact: Contact, now: datetime) -> datetime | None:
    if message.kind is not Kind.MARKETING:
        return None
    return quiet.parse(os.environ["QUIET_HOURS"]).until(now, _zone(contact))


def _ways(message: Message, to: Recipient, written: Letter, page: str) -> list[Way]:
    """The channels that are open and wanted; where there is none, the message is in the inbox. An
    SMS leads to a *page*."""
    notice = written.notice(current_shop(), page)
    sends = {
        Channel.EMAIL: lambda address: ses.send(address, written, message.id),
        Channel.SMS: lambda address: sms.send(address, notice),
    }
    ways = [
        Way(channel, to.addresses[channel], partial(sends[channel], to.addresses[channel]))
        for channel in gates.channels(message, to)
    ]
    return ways or [Way(Channel.INBOX, "", lambda: True)]


def _guards(message: Message, to: Recipient, now: datetime) -> list[table.Write]:
    """What must still be so when a message is claimed: its customer is there and, for marketing,
    the consent and how much went out."""
    customer, recent, standing = to.contact.customer_id, to.recent, _standing(message, to)
    if message.kind is not Kind.MARKETING or recent.counts(message.id):
        return standing
    counted = recipient_store.in_time(customer, recent, recent.with_(message.id, now))
    return [*standing, counted]


def _standing(message: Message, to: Recipient) -> list[table.Write]:
    customer = to.contact.customer_id
    alive = erasure.alive(customer)
    if message.kind is not Kind.MARKETING:
        return [alive]
    return [alive, preferences.still(customer, to.preferences)]


def current_shop() -> Shop:
    return Shop(os.environ["SHOP_NAME"], os.environ["PUBLIC_URL"])


def _zone(contact: Contact) -> ZoneInfo:
    """The customer's time zone; the shop's where that name means nothing (and the log says so)."""
    try:
        return ZoneInfo(contact.time_zone)
    except (KeyError, ValueError, OSError):
        logger.warning("unknown time zone", customer_id=contact.customer_id)
        return clock.shop_zone()
