"""Transactions in DynamoDB, newest last: ids sort by time.

pk             sk                what
CUSTOMER#<id>  TRANSACTION#<id>  one movement of the customer's money
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from common import ids, table
from orders.wallet.transaction import Kind, Transaction


def add(one: Transaction) -> table.Write:
    """The write that notes *one*, in the transaction of what it tells of."""
    shown = asdict(one) | {"kind": one.kind.value, "at": one.at.isoformat()}
    return table.put({"pk": _pk(one.customer_id), "sk": f"TRANSACTION#{one.id}"} | shown)


def newest(
    customer_id: str, since: datetime, until: datetime, start: table.Item | None, limit: int
) -> table.Page:
    """The transactions from *since* to before *until*, newest first."""
    first, last = (f"TRANSACTION#{ids.first_at(moment)}" for moment in (since, until))
    between = table.sort_key().between(first, last)
    pk = _pk(customer_id)
    return table.query(pk, between, limit=limit, start=start, newest_first=True)


def every(customer_id: str, since: datetime, until: datetime) -> Iterator[Transaction]:
    """All of them in that time, oldest first."""
    first, last = (f"TRANSACTION#{ids.first_at(moment)}" for moment in (since, until))
    return map(parse, table.query_all(_pk(customer_id), table.sort_key().between(first, last)))


def parse(item: table.Item) -> Transaction:
    known = {name: item[name] for name in Transaction.__slots__}
    at = datetime.fromisoformat(item["at"])
    return Transaction(**known | {"kind": Kind(item["kind"]), "at": at})


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
