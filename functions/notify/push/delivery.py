"""A message to every device of its customer, beside the letter: each once, each by itself."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import uuid4

from common import access, clock, ids, table
from common.logs import logger
from notify import provider, store
from notify.delivery import Way, deliver
from notify.message import Channel, Message
from notify.push import client, keeping, note
from notify.push import store as devices
from notify.push.device import Device, Devices
from notify.push.note import Note


def push(message: Message, customer_id: str, known: Devices, *guards: table.Write) -> None:
    """Push *message*, which has gone its other way, to the customer's devices.

    A device that nobody is signed in on any longer is given up. Unavailable once all were tried,
    when a service did not take it for one; Changed when *guards* refuse, or the device became
    another customer's.
    """
    failed = None
    for device in _signed_in(customer_id, known):
        held = devices.still(customer_id, device.mark)
        try:
            _deliver(message, customer_id, device, *guards, held)
        except provider.Unavailable as failure:
            failed = failure
    if failed:
        raise failed


def _deliver(message: Message, customer_id: str, device: Device, *guards: table.Write) -> None:
    """By a claim of its own: whatever comes twice, or is tried again, pushes once."""
    own = ids.derived(message.id, device.mark)
    claim = store.Claim(store.of_device(device.mark), own, uuid4().hex)
    send = partial(_hand_over, note.of(message), customer_id, device)
    way = Way(Channel.PUSH, device.mark, send)
    # Of no customer: what is counted as new to them is the message in the inbox.
    deliver(claim, replace(message, id=own), [way], None, *guards)


def _hand_over(note: Note, customer_id: str, device: Device) -> bool:
    application = client.application(device.platform)
    if not application:
        to = f"{device.platform} …{device.ending}"
        name = f"{note.message_id}#{device.mark}"
        store.keep_in_sandbox(Channel.PUSH, to, note.plain, name)
        return True
    try:
        return client.publish(keeping.endpoint(customer_id, device, application), note)
    except provider.Gone:
        keeping.drop(customer_id, [device])
        raise


def _signed_in(customer_id: str, known: Devices) -> Sequence[Device]:
    """The devices whose session has not ended; the others are given up."""
    keys = [(access.SESSIONS, f"SESSION#{device.id}", "SESSION") for device in known.known]
    found = zip(known.known, table.get_many(*keys), strict=True)
    live = [device for device, session in found if _is_live(session)]
    ended = [device for device in known.known if device not in live]
    if ended:
        keeping.drop(customer_id, ended)
        logger.info("devices signed out", customer_id=customer_id, count=len(ended))
    return live


def _is_live(session: table.Item | None) -> bool:
    if session is None or "ended_at" in session:
        return False
    return bool(session["expires_at"] > clock.now().timestamp())
