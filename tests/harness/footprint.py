"""Which rows a call of DynamoDB touches and writes: calls that share none may change places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from common import ids

ANY = "*"
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
READING = {"ConditionCheck", "GetItem", "Query"}

type Row = tuple[str, str, str]


@dataclass
class Footprint:
    """Rows as (table, pk, sk), where ANY stands for every one."""

    touched: set[Row] = field(default_factory=set)
    written: set[Row] = field(default_factory=set)

    def add(self, other: "Footprint") -> None:
        self.touched |= other.touched
        self.written |= other.written

    def meets(self, rows: set[Row]) -> bool:
        return any(_same(mine, row) for mine in self.touched for row in rows)


def of(operation: str, arguments: dict[str, Any], since: datetime) -> Footprint | None:
    """The rows of one call, None when it is none of a table's.

    An id made *since* is another in every run, so all such ids count as one.
    """
    calls = _calls(operation, arguments)
    if not calls:
        return None
    rows = [(_plain(_row(call), since), kind not in READING) for kind, call in calls]
    return Footprint({row for row, _ in rows}, {row for row, writes in rows if writes})


def shared(footprints: Sequence[Footprint]) -> set[Row]:
    """The rows that one task writes and another touches."""
    pairs = [(a, b) for a in footprints for b in footprints if a is not b]
    found = [(w, t) for a, b in pairs for w in a.written for t in b.touched if _same(w, t)]
    return {row for pair in found for row in pair}


def _calls(operation: str, arguments: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The call as calls of one row each."""
    if operation == "TransactWriteItems":
        return [next(iter(item.items())) for item in arguments["TransactItems"]]
    if operation == "BatchGetItem":
        asked = arguments["RequestItems"].items()
        return [("GetItem", {"TableName": t, "Key": key}) for t, a in asked for key in a["Keys"]]
    return [(operation, arguments)] if "TableName" in arguments else []


def _row(call: dict[str, Any]) -> Row:
    table = call["TableName"]
    if "IndexName" in call:
        return table, ANY, ANY
    if "KeyConditionExpression" in call:
        partition, *_ = call["ExpressionAttributeValues"].values()
        return table, partition["S"], ANY
    key = call.get("Key") or call["Item"]
    return table, key["pk"]["S"], key["sk"]["S"]


def _plain(row: Row, since: datetime) -> Row:
    def fresh(found: re.Match[str]) -> str:
        return "new" if ids.made_at(found[0]) >= since else found[0]

    table, *key = row
    pk, sk = (UUID.sub(fresh, part) for part in key)
    return table, pk, sk


def _same(one: Row, other: Row) -> bool:
    return all(a == b or ANY in (a, b) for a, b in zip(one, other, strict=True))
