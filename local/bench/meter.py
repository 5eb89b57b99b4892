"""A meter on the fake AWS: what each invocation of a function asks of DynamoDB.

Calls beside the operation (limits, revoked sessions) are counted apart: they are the same
few bytes for whatever route, and most requests find the revocations in memory.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import botocore.client
from moto.backends import get_backend
from moto.dynamodb.models.dynamo_type import DynamoType

from local.bench import units

BESIDE = ('"LIMIT#', '"REVOKED"', '"CLOCK"')
OWN = ("pk", "sk")
ACCOUNT, REGION = "123456789012", "eu-central-1"  # moto's, as the tests use them

type Row = dict[str, dict[str, Any]]
type Key = tuple[str, str, str]


@dataclass(frozen=True)
class Reply:
    """What AWS answered to one call, as it came over the wire."""

    operation: str
    body: bytes


@dataclass
class Cost:
    """What one operation cost: round trips and units, bytes of items, and what came beside."""

    trips: int = 0
    write: int = 0
    read: float = 0
    index: int = 0
    bytes: int = 0
    beside: int = 0
    beside_write: int = 0
    beside_read: float = 0
    others: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


class Meter:
    """Counts what is asked of DynamoDB into `cost`, while `cost` is set."""

    def __init__(self, indexes: dict[str, list[tuple[str, str]]]) -> None:
        self.indexes = indexes
        self.cost: Cost | None = None
        self.known: dict[str, Reply] = {}

    @contextmanager
    def on(self) -> Iterator["Meter"]:
        made = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

        def metered(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            if self.cost is None:
                return made(client, operation, arguments)
            if service != "dynamodb":
                self.cost.others.append(f"{service}.{operation}")
                return made(client, operation, arguments)
            return self._counted(self.cost, made, client, operation, arguments)

        client = botocore.client.BaseClient
        with (
            mock.patch.object(client, "_make_api_call", metered),
            mock.patch.object(client, "_make_request", self._heard(client._make_request)),  # type: ignore[attr-defined]
        ):
            yield self

    def _heard(self, made: Any) -> Any:
        """Keeps the answers, to be given again where instructions are counted."""

        def heard(client: Any, model: Any, request: Any, context: Any) -> Any:
            http, parsed = made(client, model, request, context)
            if self.cost is not None and b'"REVOKED"' not in (request.get("body") or b""):
                self.known[model.name] = Reply(model.name, http.content)
                self.cost.replies.append(self.known[model.name])
            return http, parsed

        return heard

    def _counted(self, cost: Cost, made: Any, client: Any, operation: str, asked: Any) -> Any:
        keys = list(written(operation, asked))
        before = {key: stored(key) for key in keys}
        charge = Cost(trips=1)
        try:
            answer = made(client, operation, asked)
            self._charge_reads(charge, operation, asked, answer)
            return answer
        finally:
            self._charge_writes(charge, operation, before)
            add(cost, charge, beside=is_beside(asked))

    def _charge_reads(self, cost: Cost, operation: str, asked: Any, answer: Any) -> None:
        if operation == "GetItem":
            sizes = [units.size(answer.get("Item", {}))]
            cost.read = units.read(sizes[0], asked.get("ConsistentRead", False))
        elif operation == "Query":
            sizes = [units.size(item) for item in answer["Items"]]
            cost.read = units.read(sum(sizes), asked.get("ConsistentRead", False))
        elif operation == "BatchGetItem":
            found = [item for items in answer["Responses"].values() for item in items]
            sizes = [units.size(item) for item in found]
            wanted = sum(len(table["Keys"]) for table in asked["RequestItems"].values())
            missing = wanted - len(found)
            cost.read = sum(units.read(size, consistent=True) for size in sizes) + missing
        else:
            return
        cost.bytes = sum(sizes)

    def _charge_writes(self, cost: Cost, operation: str, before: dict[Key, Row | None]) -> None:
        times = 2 if operation == "TransactWriteItems" else 1
        for key, old in before.items():
            new = stored(key)
            sizes = units.size(old or {}), units.size(new or {})
            cost.write += times * units.write(*sizes)
            cost.bytes += sizes[1] if old != new else 0
            cost.rows.append(kind(key))
            for keys in self.indexes[key[0]]:
                cost.index += units.index(old, new, keys, OWN)


def add(cost: Cost, charge: Cost, *, beside: bool) -> None:
    if beside:
        cost.beside += charge.trips
        cost.beside_write += charge.write
        cost.beside_read += charge.read
        return
    for name in ("trips", "write", "read", "index", "bytes"):
        setattr(cost, name, getattr(cost, name) + getattr(charge, name))
    cost.rows += charge.rows


def is_beside(asked: dict[str, Any]) -> bool:
    text = json.dumps(asked, default=str)
    return any(mark in text for mark in BESIDE)


def written(operation: str, asked: dict[str, Any]) -> Iterator[Key]:
    """The keys that a call writes or checks."""
    if operation == "TransactWriteItems":
        writes = [arguments for part in asked["TransactItems"] for arguments in part.values()]
    else:
        writes = [asked] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
    for one in writes:
        at = one.get("Key") or one["Item"]
        yield one["TableName"], at["pk"]["S"], at["sk"]["S"]


def kind(key: Key) -> str:
    """What sort of row it is: the first words of its key."""
    words = (part.split("#")[0].strip("~") for part in key[1:])
    return " ".join(dict.fromkeys(word for word in words if re.fullmatch(r"[A-Z]+", word)))


def stored(key: Key) -> Row | None:
    """The row as it stands, straight from the fake."""
    table = get_backend("dynamodb")[ACCOUNT][REGION].tables[key[0]]
    pk, sk = (DynamoType({"S": part}) for part in key[1:])
    if item := table.get_item(pk, sk):
        row: Row = item.to_json()["Attributes"]
        return row
    return None
