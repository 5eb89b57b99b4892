"""Watches in DynamoDB.

pk             sk                  what
CUSTOMER#<id>  WATCH#<kind>#<sku>  that the customer watches, since when and from what price
CUSTOMER#<id>  WATCHES             how many watches there are
WATCHED#<sku>  <kind>#<customer>   the same by product; `told`: the product's version last told

A change of a product finds its watchers by key, page by page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common import table
from common.conditions import Attr
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.watches.watch import MOST_WATCHES, Kind, TooManyWatches, Watch

COUNT = "WATCHES"


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches, from what price, and the version of the product that they were told of."""

    watch: Watch
    told: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a product's watchers; *last* names where the next ones begin, None at the end."""

    watchers: Sequence[Watcher]
    last: str | None


def find_all(customer_id: str) -> list[Watch]:
    """What the customer watches, by kind and SKU."""
    under = table.sort_key().begins_with("WATCH#")
    return [_watch(row) for row in table.query_all(_pk(customer_id), under)]


def find_with(customer_id: str, kind: Kind, sku: str) -> tuple[Watch | None, Product | None]:
    """The customer's watch and the product, if it is sold; one round trip."""
    row, product = table.get_many((table.OWN, _pk(customer_id), _sk(kind, sku)), catalogue.key(sku))
    return _watch(row) if row else None, catalogue.sold(product)


def begin(watch: Watch) -> bool:
    """Begin to watch; False when the customer does already. TooManyWatches."""
    try:
        table.commit(*beginning(watch))
    except table.ConditionFailed as refused:
        if 0 in refused.found:
            return False
        raise TooManyWatches(most_watches=MOST_WATCHES) from refused
    return True


def beginning(watch: Watch) -> list[table.Write]:
    """The writes that begin a watch; refused at the first when there is one."""
    room = Attr("watches").not_exists() | Attr("watches").lt(MOST_WATCHES)
    counted = table.update(_pk(watch.customer_id), COUNT, add={"watches": 1}, condition=room)
    own = {"pk": _pk(watch.customer_id), "sk": _sk(watch.kind, watch.sku), **_item(watch)}
    by_product = {"pk": _product(watch.sku), "sk": _watcher(watch), **_item(watch), "told": 0}
    return [table.put(own), counted, table.put(by_product, None)]


def end(customer_id: str, kind: Kind, sku: str) -> None:
    """Watch no longer; nothing happens when the customer does not."""
    try:
        table.commit(*ending(customer_id, kind, sku))
    except table.ConditionFailed:
        return


def ending(customer_id: str, kind: Kind, sku: str) -> list[table.Write]:
    """The writes that end a watch; refused at the first when there is none."""
    return [
        table.delete(_pk(customer_id), _sk(kind, sku)),
        table.delete(_product(sku), f"{kind}#{customer_id}", condition=None),
        table.update(_pk(customer_id), COUNT, add={"watches": -1}),
    ]


def watchers(sku: str, kind: Kind, after: str | None, limit: int) -> Page:
    """Those who watch *sku*, in the order of their ids, beginning after the one named *after*."""
    start = {"pk": _product(sku), "sk": f"{kind}#{after}"} if after else None
    under = table.sort_key().begins_with(f"{kind}#")
    page = table.query(_product(sku), under, limit=limit, start=start)
    found = [Watcher(_watch(row), row["told"]) for row in page.items]
    return Page(found, found[-1].watch.customer_id if page.last and found else None)


def told(watch: Watch, version: int) -> table.Write:
    """Note that the watcher heard of *version*; refused when they did, or watch no longer."""
    unheard = Attr("told").lt(version)
    return table.update(
        _product(watch.sku), _watcher(watch), assign={"told": version}, condition=unheard
    )


def _item(watch: Watch) -> table.Item:
    return {
        "v": 1,
        "customer_id": watch.customer_id,
        "kind": watch.kind.value,
        "sku": watch.sku,
        "price_minor": watch.price_minor,
        "since": watch.since.isoformat(),
    }


def _watch(row: table.Item) -> Watch:
    return Watch(
        customer_id=row["customer_id"],
        kind=Kind(row["kind"]),
        sku=row["sku"],
        price_minor=row["price_minor"],
        since=datetime.fromisoformat(row["since"]),
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _sk(kind: Kind, sku: str) -> str:
    return f"WATCH#{kind}#{sku}"


def _product(sku: str) -> str:
    return f"WATCHED#{sku}"


def _watcher(watch: Watch) -> str:
    return f"{watch.kind}#{watch.customer_id}"
