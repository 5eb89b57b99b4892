"""The gates before a message, in their order: suppression, consent, preference, and for marketing
how much was sent lately. Security stops at the first only. Pure."""

from collections.abc import Sequence
from datetime import datetime

from notify.message import Channel, Kind, Message, Reason
from notify.recipient import Recipient


def channels(message: Message, to: Recipient) -> list[Channel]:
    """The channels that *message* may take to *to*, best first, whatever consents there are."""
    return [c for c in _open(to) if _is_wanted(c, message, to)]


def is_pushed(message: Message, to: Recipient) -> bool:
    """Whether *message* goes to the devices of *to* too, whatever consents there are."""
    if not (message.push and to.devices.known):
        return False
    return message.topic is None or to.preferences.of(message.topic).pushes


def stopped(message: Message, to: Recipient, most: int, now: datetime) -> Reason | None:
    """Why *message* does not go out, or None. Marketing of a week is *most* messages."""
    if message.kind is Kind.SECURITY or message.topic is None:
        return None
    choice = to.preferences.of(message.topic)
    pushed = is_pushed(message, to)
    if to.addresses and not _open(to) and not pushed:
        return Reason.UNREACHABLE
    if not choice.consent:
        return Reason.NO_CONSENT
    if choice.is_silent and not pushed:
        return Reason.SWITCHED_OFF
    if message.kind is Kind.MARKETING and not _has_room(message, to, most, now):
        return Reason.TOO_MANY
    return None


def _has_room(message: Message, to: Recipient, most: int, now: datetime) -> bool:
    return to.recent.counts(message.id) or to.recent.has_room(most, now)


def _is_wanted(channel: Channel, message: Message, to: Recipient) -> bool:
    if message.topic is None:
        return True
    return to.preferences.of(message.topic).allows(channel)


def _open(to: Recipient) -> Sequence[Channel]:
    return [channel for channel in to.addresses if channel not in to.closed]
