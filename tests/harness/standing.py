"""moto's rows, kept by reference: what stands is replaced and never changed in place.

moto copies whole tables before each transaction, to come back to them when it fails: of a test
with many rows that was half the time. Here an update works on a copy of the one row it changes,
so that a moment of a table is kept by keeping its rows, once a transaction and not once a write.
And moto sorts a whole table before each query, to look through it: here it sees the rows of the
partition alone, and of those what lies ahead.
"""

import copy
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from moto.backends import get_backend
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from wiring import ACCOUNT, REGION

# Where moto's query is told so, after the table and the partition.
START, FORWARD, INDEX = 3, 4, 6

type Rows = dict[Any, dict[Any, Any]]


def tables() -> dict[str, Table]:
    return get_backend("dynamodb")[ACCOUNT][REGION].tables


def rows(table: Table) -> list[Any]:
    """The rows of *table*, in no order."""
    return [row for below in table.items.values() for row in below.values()]


def kept(rows: Rows) -> Rows:
    """The rows as they stand, whatever is written afterwards."""
    return defaultdict(dict, {pk: dict(below) for pk, below in rows.items()})


def _ahead(own: dict[Any, Any], start: dict[str, Any] | None, forward: bool) -> list[Any]:
    """The rows of a partition after the one with the key *start*: moto compares them one by one."""
    if not start:
        return list(own.values())
    after = start["sk"]["S"]
    return [row for sk, row in own.items() if sk.value != after and (sk.value > after) == forward]


def _twin(table: Table) -> Table:
    twin = copy.copy(table)
    twin.items = kept(table.items)
    return twin


@contextmanager
def replaced() -> Iterator[None]:
    """Let moto replace the rows that it would change, and keep tables without copying rows."""
    changed = DynamoDBBackend.update_item

    def update(backend: DynamoDBBackend, name: str, key: Any, *rest: Any, **more: Any) -> Any:
        table = backend.get_table(name)
        if row := table.get_item(*backend.get_keys_value(table, key)):
            table.items[row.hash_key][row.range_key] = copy.deepcopy(row)
        return changed(backend, name, key, *rest, **more)

    twins: dict[int, Table] | None = None
    transacted = DynamoDBBackend.transact_write_items

    def transact(backend: DynamoDBBackend, writes: Any) -> None:
        nonlocal twins
        twins = {}
        try:
            transacted(backend, writes)
        finally:
            twins = None

    def keep(table: Table, memo: dict[int, Any]) -> Table:
        if twins is None:
            return _twin(table)
        return twins.get(id(table)) or twins.setdefault(id(table), _twin(table))

    looked = Table.query

    def query(table: Table, hash_key: Any, *rest: Any, **more: Any) -> Any:
        own = table.items.get(hash_key, {})
        seen = rows(table) if rest[INDEX] else _ahead(own, rest[START], rest[FORWARD])
        narrow = copy.copy(table)
        narrow.all_items = lambda: seen  # type: ignore[method-assign]
        return looked(narrow, hash_key, *rest, **more)

    with (
        mock.patch.object(DynamoDBBackend, "update_item", update),
        mock.patch.object(DynamoDBBackend, "transact_write_items", transact),
        mock.patch.object(Table, "query", query),
        mock.patch.object(Table, "__deepcopy__", keep, create=True),
    ):
        yield
