"""Devices registered, made ready and given up, whoever asks for it.

SNS forgets a token before the table does: who dies between finds it here, and forgets it again.
"""

from collections.abc import Sequence
from dataclasses import replace

from common import clock, sealing, table
from common.errors import Busy, NotFound
from notify import provider
from notify.push import client, store
from notify.push.device import Device, Devices, Platform

SEALED = "device"
SHOWN = 4


def register(customer_id: str, session_id: str, platform: Platform, token: str) -> Device:
    """Send pushes for the customer to the device on which the session is, and to it for nobody
    else. Again is no harm. Busy when others keep registering."""
    mark = store.mark(platform, token)
    sealed = sealing.seal(mark, token, SEALED)
    device = Device(session_id, platform, mark, token[-SHOWN:], clock.now(), sealed)
    return table.retried(lambda: _registered(customer_id, device))


def remove(customer_id: str, device_id: str) -> None:
    """Send no pushes to the device any longer. NotFound where the customer has none of that id."""

    def change() -> None:
        known = store.find(customer_id)
        device = known.of_session(device_id)
        if device is None:
            raise NotFound
        _give_up(customer_id, known, [device])

    table.retried(change)


def drop(customer_id: str, devices: Sequence[Device]) -> None:
    """Give up *devices*, unless they were registered anew meanwhile."""

    def change() -> None:
        known = store.find(customer_id)
        if gone := known.as_known(devices):
            _give_up(customer_id, known, gone)

    table.retried(change)


def endpoint(customer_id: str, device: Device, application: str) -> str:
    """Where SNS sends what is for *device*: made, and noted, on its first push. Raise
    provider.Gone or provider.Unavailable."""
    if device.sealed is None:
        return device.endpoint
    token = sealing.unseal(device.mark, device.sealed, SEALED)
    arn = client.endpoint(application, token)
    table.retried(lambda: _note(customer_id, device, arn))
    return arn


def forget(devices: Sequence[Device]) -> None:
    """Let SNS forget the tokens of *devices*. Busy where it does not answer."""
    for arn in (device.endpoint for device in devices if device.endpoint):
        try:
            client.forget(arn)
        except provider.Unavailable as failure:
            raise Busy from failure


def erase(row: table.Item) -> Sequence[table.Write]:
    """How a customer's devices are erased, at SNS first."""
    forget(store.parse(row).known)
    return store.erased(row)


def _registered(customer_id: str, device: Device) -> Device:
    before, holder = store.find(customer_id), store.holder(device.mark)
    moved: list[table.Write] = []
    earlier = before.having(device.mark)
    if holder not in (None, customer_id):
        theirs = store.find(holder)
        earlier = theirs.having(device.mark)
        moved = [store.put(holder, theirs, theirs.without([device.mark]))]
    known = replace(device, endpoint=earlier.endpoint if earlier else "")
    after = before.with_(known)
    forget(before.lost_in(after))
    store.save(customer_id, before, after, store.claim(customer_id, device.mark, holder), *moved)
    return known


def _give_up(customer_id: str, known: Devices, gone: Sequence[Device]) -> None:
    forget(gone)
    store.save(customer_id, known, known.without([device.mark for device in gone]))


def _note(customer_id: str, device: Device, arn: str) -> None:
    known = store.find(customer_id)
    ready = known.ready(device, arn)
    if ready is not known:
        store.save(customer_id, known, ready)
