"""Links that undo a change of contacts, to whoever had the contact before."""

import json
from datetime import timedelta
from functools import partial
from uuid import uuid4

from common import clock, ids, language, sealing
from common.events.auth import ContactUndoOffered
from notify import letter, ses, sms, store
from notify.correspondence import current_shop
from notify.delivery import Way, deliver
from notify.message import Channel, Message

# As long as auth lets a change of contacts be undone.
LINK_LIVES = timedelta(days=7)


def send(event: ContactUndoOffered) -> None:
    """Send the link to where the customer was reached, while it leads anywhere; what was sealed is
    neither kept nor logged."""
    if clock.now() - event.occurred_at > LINK_LIVES:
        return
    opened = json.loads(sealing.unseal(event.challenge_id, event.letter))
    spoken, shop = language.preferred(event.language), current_shop()
    facts, to = event.model_dump() | opened, opened["to"]
    written = letter.render(event.name, spoken, facts, shop, clock.shop_zone())
    claim_id, owner = ids.derived(event.id, "letter"), store.of_challenge(event.challenge_id)
    message = Message(claim_id, event.name, written.kind, spoken, event.occurred_at)
    if event.channel == "email":
        way = Way(Channel.EMAIL, to, partial(ses.send, to, written, message.id))
    else:
        link = f"{shop.url}/v1/auth/contact-undos/{opened['token']}"
        text = f"{shop.name}: {written.subject}. {link}"
        way = Way(Channel.SMS, to, partial(sms.send, to, text))
    deliver(store.Claim(owner, claim_id, uuid4().hex), message, [way], None)
