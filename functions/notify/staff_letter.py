"""Invitations to the staff: a sealed link on its way to whoever is asked to join."""

import json
from functools import partial
from uuid import uuid4

from common import clock, ids, language, sealing
from common.events.staff import StaffInvited
from common.logs import logger
from notify import letter, ses, store
from notify.correspondence import current_shop
from notify.delivery import Way, deliver
from notify.message import Channel, Message
from notify.one_time_code import SENT_WITHIN


def send(event: StaffInvited) -> None:
    """Send the link; neither it nor the address is kept or logged. Not when the event is old."""
    if clock.now() - event.occurred_at > SENT_WITHIN:
        logger.warning("invitation too old", invitation_id=event.invitation_id)
        return
    opened = json.loads(sealing.unseal(event.invitation_id, event.letter))
    spoken = language.preferred(event.language)
    facts = event.model_dump() | opened
    written = letter.render(event.name, spoken, facts, current_shop(), clock.shop_zone())
    owner = store.of_challenge(event.invitation_id)
    claim = store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)
    message = Message(claim.message_id, event.name, written.kind, spoken, event.occurred_at)
    post = partial(ses.send, opened["to"], written, message.id)
    deliver(claim, message, [Way(Channel.EMAIL, opened["to"], post)], None)
