"""What notify has of a customer, how each is erased, and the last letter."""

import json
from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from common import clock, erasure, ids, language, sealing, table
from common.erasure import Kind
from common.events.erasure import CustomerErased, ErasureFinished
from common.events.notify import CustomerErased as Report
from notify import letter, ses, sms, store
from notify.correspondence import current_shop
from notify.delivery import Way, deliver
from notify.message import Channel, Message


def _proof_only(row: table.Item) -> Sequence[table.Write]:
    """Of a consent stays what was decided when; not from where."""
    return [table.update(row["pk"], row["sk"], remove=["network"])]


KINDS = (
    Kind("consents", "CONSENT#", how=_proof_only, why="proof_of_consent"),
    Kind("contacts", "CONTACT"),
    Kind("how much was sent", "MARKETING"),
    Kind("messages", "MESSAGE#"),
    Kind("preferences", "PREFERENCES"),
    Kind("answers to repeated calls", "IDEMPOTENCY#"),
    Kind("closed addresses", "SUPPRESSED", partition="ADDRESS#", why="proof_of_objection"),
)


def erase(cause: CustomerErased) -> None:
    erasure.erase(cause.customer_id, KINDS)
    erasure.report(Report, cause, KINDS)


def tell(event: ErasureFinished) -> None:
    """Tell whoever was erased, at the address that is sealed: nobody knows it any longer. Not when
    the event is so old that the row which tells of a first letter may be gone."""
    if clock.now() - event.occurred_at > store.CODES_KEPT:
        return
    to = json.loads(sealing.unseal(event.erasure_id, event.letter))["to"]
    spoken = language.preferred(event.language)
    facts, shop = event.model_dump(), current_shop()
    written = letter.render(event.name, spoken, facts, shop, clock.shop_zone())
    owner = store.of_challenge(event.erasure_id)
    claim = store.Claim(owner, ids.derived(event.id, "letter"), uuid4().hex)
    message = Message(claim.message_id, event.name, written.kind, spoken, event.occurred_at)
    text = f"{shop.name}: {written.subject}. {shop.url}/v1/auth/erasures/{event.erasure_id}"
    ways = {
        "email": Way(Channel.EMAIL, to, partial(ses.send, to, written, message.id)),
        "sms": Way(Channel.SMS, to, partial(sms.send, to, text)),
    }
    deliver(claim, message, [ways[event.channel]], None)
