"""One-time codes to whoever is to prove an address, by the channel that was asked for."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

from common import clock, ids, language, sealing
from common.events.auth import CodeRequested
from common.logs import logger
from notify import code_text, letter, messenger, ses, sms, store, voice
from notify.correspondence import current_shop
from notify.delivery import Way, deliver
from notify.letter import Letter
from notify.message import Channel, Message

SENT_WITHIN = timedelta(days=1)


def send(event: CodeRequested) -> None:
    """Send the code to the address to be proven; what was sealed is neither kept nor logged.

    Not when the event is old: the code opens nothing by then, and the row that tells of the
    first message may be gone.
    """
    if clock.now() - event.occurred_at > SENT_WITHIN:
        logger.warning("code too old", challenge_id=event.challenge_id)
        return
    opened = json.loads(sealing.unseal(event.challenge_id, event.letter))
    spoken = language.preferred(event.language)
    facts, name = event.model_dump() | opened, f"{event.name}.{event.purpose}"
    written = letter.render(name, spoken, facts, current_shop(), clock.shop_zone())
    owner = store.of_challenge(event.challenge_id)
    claim = store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)
    message = Message(claim.message_id, event.name, written.kind, spoken, event.occurred_at)
    deliver(claim, message, _ways(event, opened, written, message), None)


def _ways(
    event: CodeRequested, opened: Mapping[str, str], written: Letter, message: Message
) -> list[Way]:
    """The channel that was asked for; a number that wants no SMS is called."""
    to, shop, spoken = opened["to"], current_shop(), message.language
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
