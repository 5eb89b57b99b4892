"""Purchases in DynamoDB.

pk             sk                    what
CUSTOMER#<id>  BOUGHT#<sku>          a product that the customer was delivered: its name, how many
                                     `times`, and when `first` and `last`
CUSTOMER#<id>  DELIVERED#<order id>  that the order was counted: never changed

What an order adds is one transaction with its DELIVERED row, so a second delivery of its event
adds nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from common import erasure, table
from common.expressions import Path
from common.language import Text
from orders.order.order import Order
from orders.order.parts import Line
from orders.purchases.purchase import Purchase


def key(customer_id: str, sku: str) -> tuple[str, str, str]:
    """Where a purchase lies, for a read together with other items."""
    return table.OWN, _pk(customer_id), f"BOUGHT#{sku}"


def count(order: Order, *more: table.Write) -> bool:
    """Count what was bought, together with *more*; False when the order was counted before, or
    its customer is erased.

    ConditionFailed when one of *more* is refused.
    """
    mark = {"pk": _pk(order.customer_id), "sk": f"DELIVERED#{order.id}"}
    counted = (_counted(order, line) for line in order.lines)
    try:
        table.commit(table.put(mark), erasure.alive(order.customer_id), *more, *counted)
    except table.ConditionFailed as refused:
        if refused.found.keys() & {0, 1}:
            return False
        raise
    return True


def parse(row: table.Item) -> Purchase:
    return Purchase(
        sku=row["sk"].removeprefix("BOUGHT#"),
        name=Text(row["name_ru"], row["name_en"]),
        times=row["times"],
        first=datetime.fromisoformat(row["first"]),
        last=datetime.fromisoformat(row["last"]),
    )


def of_customer(customer_id: str) -> Iterable[Purchase]:
    """All that the customer was delivered, by SKU."""
    under = table.sort_key().begins_with("BOUGHT#")
    return map(parse, table.query_all(_pk(customer_id), under))


def _counted(order: Order, line: Line) -> table.Write:
    """One order more of the product, which may be the first."""
    known: dict[Path, Any] = {"name_ru": line.name.ru, "name_en": line.name.en}
    at = order.delivered_at.isoformat()
    _, pk, sk = key(order.customer_id, line.sku)
    known |= {"last": at}
    return table.update(pk, sk, assign=known, keep={"first": at}, add={"times": 1}, condition=None)


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
