"""One-time codes to whoever is to prove an address, by the channel that was asked for."""

from datetime import timedelta
from functools import partial

from common.events.auth import CodeRequested
from common.logs import logger
from notify import code_text, messenger, sealed_letter, store, voice
from notify.correspondence import current_shop
from notify.delivery import Way
from notify.message import Channel
from notify.sealed_letter import Opened

SENT_WITHIN = timedelta(days=1)


def send(event: CodeRequested) -> None:
    """Send the code to the address to be proven, or that is a customer's login still."""
    name = f"{event.name}.{event.purpose}"
    try:
        sealed_letter.send(event, event.challenge_id, SENT_WITHIN, partial(_ways, event), name)
    except store.Changed:
        logger.info("login was taken off", challenge_id=event.challenge_id)


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
