"""Devices in DynamoDB.

pk             sk       what
CUSTOMER#<id>  DEVICES  version, devices [session's id, platform, mark, ending, when, sealed token
                        or endpoint]: at most device.MOST
TOKEN#<mark>   DEVICE   customer_id: the one customer who has the device of that token

A mark is a keyed hash of the token. Whoever registers it has it, and whoever had it before loses
it in the same transaction.
"""

from dataclasses import asdict
from datetime import datetime

from common import erasure, pepper, table
from common.conditions import Attr, Condition, as_read
from common.expressions import Item
from notify.push.device import Device, Devices, Platform

SK = "DEVICES"
MARK_LENGTH = 32


def key(customer_id: str) -> tuple[str, str, str]:
    """Where devices lie, for a read together with other items."""
    return table.OWN, _pk(customer_id), SK


def mark(platform: Platform, token: str) -> str:
    return pepper.mac("push-token", platform, token).hex()[:MARK_LENGTH]


def find(customer_id: str) -> Devices:
    return parse(table.get(_pk(customer_id), SK))


def holder(mark: str) -> str | None:
    """The customer who has the device of the token *mark* stands for."""
    row = table.get(_claim(mark), "DEVICE")
    return row["customer_id"] if row else None


def save(customer_id: str, before: Devices, after: Devices, *others: table.Write) -> None:
    """Write *after*, and give up the tokens that only *before* has.

    ConditionFailed unless *before* still stands and the customer is not erased.
    """
    table.commit(
        put(customer_id, before, after),
        *(give_up(customer_id, device.mark) for device in before.lost_in(after)),
        erasure.alive(customer_id),
        *others,
    )


def put(customer_id: str, before: Devices, after: Devices) -> table.Write:
    row = {"pk": _pk(customer_id), "sk": SK, "version": after.version}
    devices = [_kept(device) for device in after.known]
    return table.put(row | {"devices": devices}, as_read(before.version))


def claim(customer_id: str, mark: str, holder: str | None) -> table.Write:
    """The write by which the customer has the token; refused unless *holder* still has."""
    row = {"pk": _claim(mark), "sk": "DEVICE", "customer_id": customer_id}
    return table.put(row, _has(holder) if holder else table.ABSENT)


def give_up(customer_id: str, mark: str) -> table.Write:
    return table.delete(_claim(mark), "DEVICE", _has(customer_id))


def still(customer_id: str, mark: str) -> table.Write:
    """The write that refuses its commit once the token is another customer's, or nobody's."""
    return table.check(_claim(mark), "DEVICE", _has(customer_id))


def erased(row: Item) -> list[table.Write]:
    """The writes by which a customer's devices and their tokens go."""
    customer_id, known = row["pk"].removeprefix(_pk("")), parse(row)
    tokens = [give_up(customer_id, device.mark) for device in known.known]
    return [table.delete(row["pk"], SK, as_read(known.version)), *tokens]


def shown(row: Item) -> Item:
    """What an export tells of the row."""
    told = ("id", "platform", "ending", "registered_at")
    return {"devices": [{name: one[name] for name in told} for one in row["devices"]]}


def parse(row: Item | None) -> Devices:
    if row is None:
        return Devices()
    return Devices(row["version"], tuple(_device(one) for one in row["devices"]))


def _has(customer_id: str) -> Condition:
    return Attr("customer_id").eq(customer_id)


def _kept(device: Device) -> Item:
    kept = asdict(device) | {"registered_at": device.registered_at.isoformat()}
    return {name: value for name, value in kept.items() if value}


def _device(kept: Item) -> Device:
    when = datetime.fromisoformat(kept["registered_at"])
    return Device(**kept | {"platform": Platform(kept["platform"]), "registered_at": when})


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _claim(mark: str) -> str:
    return f"TOKEN#{mark}"
