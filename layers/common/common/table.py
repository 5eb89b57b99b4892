"""A capability's DynamoDB table: reads, and writes that carry their own guard.

A write is made by `put`, `update`, `delete` or `check` and carried out by `apply` (one) or
`commit` (all or none). Tables are named by the environment variable that holds their name.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from common import aws
from common.conditions import Attr, Condition
from common.errors import Busy
from common.expressions import Item as Item
from common.expressions import Path, change, dump, guard, keyed, load, merged

type Write = dict[str, Any]

OWN = "TABLE_NAME"
ABSENT = Attr("pk").not_exists()
PRESENT = Attr("pk").exists()
BATCH_GET_LIMIT = 100

# Attempts of a change that is decided by what was read, when that changes under it.
CHANGE_ATTEMPTS = 3
# Attempts of one transaction that meets another on the same item, and the longest wait between.
CONFLICT_ATTEMPTS = 4
CONFLICT_WAIT_SECONDS = 0.2
# Reasons of a cancelled transaction that pass.
RETRIED = {None, "None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}

# What goes along with the next commit of the request at hand.
_riding: ContextVar[tuple[Write, ...]] = ContextVar("riding", default=())


class ConditionFailed(Exception):
    """Writes were refused by their own conditions.

    *found* maps the position of each refused write to the item that stood there, or None.
    """

    def __init__(self, found: dict[int, Item | None]) -> None:
        super().__init__(sorted(found))
        self.found = found


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a query's answer; *last* is where the next part starts, or None at the end."""

    items: list[Item]
    last: Item | None


def get(pk: str, sk: str, *, table: str = OWN, consistent: bool = True) -> Item | None:
    name, key = os.environ[table], dump({"pk": pk, "sk": sk})
    answer = aws.dynamodb().get_item(TableName=name, Key=key, ConsistentRead=consistent)
    return load(answer["Item"]) if "Item" in answer else None


def get_many(*keys: tuple[str, str, str]) -> list[Item | None]:
    """The items at (table, pk, sk), in that order, None for what is missing; one round trip, and
    none for no keys, which DynamoDB refuses. Consistent reads. Keys that it leaves unprocessed are
    asked again; Busy if it goes on."""
    if not keys:
        return []
    wanted = _by_table(keys)
    found: dict[tuple[str, str, str], Item] = {}
    for _ in range(CONFLICT_ATTEMPTS):
        answer = aws.dynamodb().batch_get_item(RequestItems=wanted)
        for name, items in answer["Responses"].items():
            for item in map(load, items):
                found[name, item["pk"], item["sk"]] = item
        wanted = answer.get("UnprocessedKeys") or {}
        if not wanted:
            return [found.get((os.environ[t], pk, sk)) for t, pk, sk in keys]
        _pause()
    raise Busy


def query(
    pk: str,
    sk: Condition | None = None,
    *,
    index: str | None = None,
    limit: int | None = None,
    start: Item | None = None,
    newest_first: bool = False,
    table: str = OWN,
) -> Page:
    """One page of the items under *pk* whose sort key meets *sk*, a condition on `sort_key`.

    Consistent, except on an index, which cannot be.
    """
    under = Attr(f"{index}pk" if index else "pk").eq(pk)
    arguments = {
        "TableName": os.environ[table],
        "ScanIndexForward": not newest_first,
        **keyed(under & sk if sk else under),
        **({"IndexName": index} if index else {"ConsistentRead": True}),
        **_part(limit, start),
    }
    answer = aws.dynamodb().query(**arguments)
    last = answer.get("LastEvaluatedKey")
    return Page([load(item) for item in answer["Items"]], load(last) if last else None)


def _part(limit: int | None, start: Item | None) -> dict[str, Any]:
    wanted = {"Limit": limit, "ExclusiveStartKey": dump(start) if start else None}
    return {name: value for name, value in wanted.items() if value}


def query_all(pk: str, sk: Condition | None = None, **how: Any) -> Iterator[Item]:
    """Every item under *pk* whose sort key meets *sk*, asked as `query` is, page after page."""
    page = query(pk, sk, **how)
    yield from page.items
    while page.last:
        page = query(pk, sk, start=page.last, **how)
        yield from page.items


def sort_key(index: str | None = None) -> Attr:
    return Attr(f"{index}sk" if index else "sk")


def put(item: Item, condition: Condition | None = ABSENT, *, table: str = OWN) -> Write:
    """Write *item*; by default only where nothing stands."""
    return {"Put": {"TableName": os.environ[table], "Item": dump(item), **guard(condition)}}


def update(
    pk: str,
    sk: str,
    *,
    assign: Mapping[Path, Any] | None = None,
    keep: Mapping[Path, Any] | None = None,
    add: Mapping[Path, int] | None = None,
    remove: Sequence[Path] = (),
    condition: Condition | None = PRESENT,
    table: str = OWN,
) -> Write:
    """Change attributes, by default only where the item stands: a path into a map is a tuple, and
    *keep* is for what is not there yet."""
    key = {"Key": dump({"pk": pk, "sk": sk})}
    changed = merged(change(assign, keep, add, remove), guard(condition))
    return {"Update": {"TableName": os.environ[table], **key, **changed}}


def delete(pk: str, sk: str, condition: Condition | None = PRESENT, *, table: str = OWN) -> Write:
    key = dump({"pk": pk, "sk": sk})
    return {"Delete": {"TableName": os.environ[table], "Key": key, **guard(condition)}}


def check(pk: str, sk: str, condition: Condition, *, table: str = OWN) -> Write:
    """Write nothing, but refuse the whole commit unless *condition* holds."""
    key = dump({"pk": pk, "sk": sk})
    return {"ConditionCheck": {"TableName": os.environ[table], "Key": key, **guard(condition)}}


def apply(write: Write) -> Item:
    """Carry out one write; return the item after an update. Raise ConditionFailed at 0."""
    [(action, arguments)] = write.items()
    client = aws.dynamodb()
    try:
        if action == "Update":
            answer = client.update_item(**arguments, ReturnValues="ALL_NEW")
            return load(answer["Attributes"])
        (client.put_item if action == "Put" else client.delete_item)(**arguments)
    except client.exceptions.ConditionalCheckFailedException as refused:
        raise ConditionFailed({0: _old(refused.response)}) from refused
    return {}


def commit(*writes: Write) -> None:
    """Carry out all of *writes* or none.

    Raise ConditionFailed when a condition refuses, Busy when others keep changing the items.
    """
    client = aws.dynamodb()
    items = [*writes, *_riding.get()]
    for _ in range(CONFLICT_ATTEMPTS):
        try:
            client.transact_write_items(TransactItems=items)  # type: ignore[arg-type]
        except client.exceptions.TransactionCanceledException as cancelled:
            _refuse_or_wait(cancelled)
        else:
            ride()
            return
    raise Busy


def commit_alone(*writes: Write) -> None:
    """`commit`, with nothing that rides: that waits for what it belongs to."""
    riders = _riding.get()
    ride()
    try:
        commit(*writes)
    finally:
        ride(*riders)


def ride(*writes: Write) -> None:
    """Let *writes*, which nothing may refuse, go along with the next commit that succeeds."""
    _riding.set(writes)


def retried[T](change: Callable[[], T]) -> T:
    """*change*, begun anew when what it had read changed under it. Busy when that goes on."""
    for _ in range(CHANGE_ATTEMPTS):
        try:
            return change()
        except ConditionFailed:
            continue
    raise Busy


def _refuse_or_wait(cancelled: ClientError) -> None:
    reasons = cancelled.response["CancellationReasons"]
    refused = {
        n: _old(reason)
        for n, reason in enumerate(reasons)
        if reason.get("Code") == "ConditionalCheckFailed"
    }
    if refused:
        raise ConditionFailed(refused) from cancelled
    if not {reason.get("Code") for reason in reasons} <= RETRIED:
        raise cancelled
    _pause()


def _pause() -> None:
    time.sleep(random.uniform(0, CONFLICT_WAIT_SECONDS))  # noqa: S311 - jitter, no secret


def _old(answer: Mapping[str, Any]) -> Item | None:
    return load(answer["Item"]) if answer.get("Item") else None


def _by_table(keys: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for table, pk, sk in keys:
        entry = wanted.setdefault(os.environ[table], {"Keys": [], "ConsistentRead": True})
        entry["Keys"].append(dump({"pk": pk, "sk": sk}))
    return wanted
