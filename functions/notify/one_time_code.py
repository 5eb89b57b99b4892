"""One-time codes to whoever is to prove an address, by the channel that was asked for."""

from datetime import timedelta
from functools import partial

from common import table
from common.events.auth import CodeRequested
from notify import code_text, messenger, recipient_store, sealed_letter, voice
from notify.correspondence import current_shop
from notify.delivery import Way
from notify.message import Channel
from notify.sealed_letter import Opened

SENT_WITHIN = timedelta(days=1)


def send(event: CodeRequested) -> None:
    """Send the code to the address to be proven; not where it was a customer's login and has been
    taken off since."""
    name, ways = f"{event.name}.{event.purpose}", partial(_ways, event)
    guards = partial(_guards, event)
    sealed_letter.send(event, event.challenge_id, SENT_WITHIN, ways, name, guards)


def _guards(event: CodeRequested, opened: Opened) -> list[table.Write]:
    if event.customer_id is None:
        return []
    to = opened.sealed["to"]
    return [recipient_store.still_reached(event.customer_id, to, event.subject_version)]


def _ways(event: CodeRequested, opened: Opened) -> list[Way]:
    """The channel that was asked for; a number that wants no SMS is called."""
    to, code, shop = opened.sealed["to"], opened.sealed["code"], current_shop()
    message, spoken = opened.message, opened.message.language
    told = (event.purpose, code, shop, spoken)
    ssml = code_text.spoken(code, shop, spoken)
    call = Way(Channel.VOICE, to, partial(voice.call, to, ssml, spoken, message.id))
    match event.channel:
        case "email":
            return [opened.by_email()]
        case "sms":
            return [opened.by_sms(code_text.sms(*told)), call]
        case "voice":
            return [call]
        case "messenger":
            text = code_text.messenger(*told)
            return [Way(Channel.MESSENGER, to, partial(messenger.send, to, text, message.id))]
