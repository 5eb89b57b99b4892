"""Stock in DynamoDB: in the row of its product, with a journal beside it.

pk             sk          what
PRODUCT#<sku>  PRODUCT     `available` and `reserved`, `places` {place: pieces}
PRODUCT#<sku>  STOCK#<id>  a count or a move by staff, with its reason
"""

from collections.abc import Sequence

from common import table
from common.conditions import Attr, Condition
from common.expressions import Path
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.catalogue.stock.stock import MAIN, Move, MoveKind, Stock

JOURNAL = "STOCK#"


def find(sku: str) -> tuple[Product, Stock | None] | None:
    """The product with its stock, None for what has none."""
    item = table.get(catalogue.pk(sku), catalogue.SK)
    return (catalogue.parse(item), _stock(item)) if item else None


def changed(
    sku: str, version: int, old: Stock, new: Stock, move: Move, move_id: str
) -> Sequence[table.Write]:
    """The writes of a change from *old* to *new*, with its line in the journal.

    *version* is the row's as it was read. Refused when staff changed the product meanwhile; sales
    may go on, but not from nothing to something or the other way, of which the shop tells.
    """
    assign: dict[Path, object] = {"places": dict(new.places), "version": version + 1}
    change = new.available - old.available
    add: dict[Path, int] = {"available": change}
    condition = Attr("version").eq(version) & _still(old.available, change)
    row = table.update(catalogue.pk(sku), catalogue.SK, assign=assign, add=add, condition=condition)
    return [row, table.put(_entry(sku, move, move_id))]


def journal(sku: str, limit: int, start: table.Item | None) -> table.Page:
    """One page of the moves of a product, newest first."""
    within = table.sort_key().begins_with(JOURNAL)
    return table.query(catalogue.pk(sku), within, limit=limit, newest_first=True, start=start)


def entry(item: table.Item) -> tuple[str, Move]:
    """A line of the journal: its id, and what it tells."""
    kind = MoveKind(item["kind"])
    return item["id"], Move(kind, item["places"], item["reason"], item["staff_id"])


def _still(available: int, change: int) -> Condition:
    """There is enough to take, and still something, or nothing, as when it was read."""
    if available == 0:
        return Attr("available").eq(0)
    return Attr("available").gte(max(1, -change))


def _stock(item: table.Item) -> Stock | None:
    if "available" not in item:
        return None
    available, reserved = item["available"], item["reserved"]
    return Stock(item.get("places", {MAIN: available + reserved}), available, reserved)


def _entry(sku: str, move: Move, move_id: str) -> table.Item:
    return {
        "pk": catalogue.pk(sku),
        "sk": JOURNAL + move_id,
        "v": 1,
        "id": move_id,
        "kind": move.kind.value,
        "places": dict(move.places),
        "reason": move.reason,
        "staff_id": move.staff_id,
    }
