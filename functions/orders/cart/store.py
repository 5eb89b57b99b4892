"""The cart in DynamoDB: one row, whose version guards every change.

pk             sk    what
CUSTOMER#<id>  CART  cart_id, version, lines {sku: line}, updated_at, armed

A cart that holds something is watched by a timer; changes do not touch it, for it looks at the
cart when it fires. Checkout empties the row and gives it a new cart_id, so that the timer of
the old cart finds nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from common import ids, table, timers
from common.conditions import Attr, Condition
from common.expressions import Path
from common.language import Text
from orders.cart.cart import ABANDONED_AFTER, Cart, Line
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product

SK = "CART"
ABANDONED = "cart_abandoned"
NEVER_WRITTEN = Cart("", 0, (), datetime.min.replace(tzinfo=UTC), armed=False)


def key(customer_id: str) -> tuple[str, str, str]:
    """Where the cart lies, for a read together with other items."""
    return table.OWN, _pk(customer_id), SK


def find(customer_id: str) -> Cart:
    return parse(table.get(_pk(customer_id), SK))


def find_with(customer_id: str, sku: str) -> tuple[Cart, Product | None]:
    """The cart and a product, in one round trip."""
    cart, product = table.get_many(key(customer_id), catalogue.key(sku))
    return parse(cart), catalogue.sold(product)


def put_line(customer_id: str, cart: Cart, line: Line, at: datetime) -> int:
    """Write *line* and set a timer where none watches; return the cart's new version.

    ConditionFailed unless the cart is still as it was read.
    """
    if cart.version == 0:
        cart_id = ids.new(at)
        table.commit(_first(customer_id, cart_id, line, at), _arm(customer_id, cart_id, at))
        return 1
    changes: dict[Path, Any] = {("lines", line.sku): _item(line)}
    if cart.armed:
        table.apply(_change(customer_id, cart, at, changes))
    else:
        change = _change(customer_id, cart, at, changes | {"armed": True})
        table.commit(change, _arm(customer_id, cart.id, at))
    return cart.version + 1


def remove_line(customer_id: str, cart: Cart, sku: str, at: datetime) -> int:
    """Take the line out; return the cart's new version. ConditionFailed like `put_line`."""
    table.apply(
        table.update(
            _pk(customer_id),
            SK,
            assign={"updated_at": at.isoformat()},
            add={"version": 1},
            remove=[("lines", sku)],
            condition=_as_read(cart),
        )
    )
    return cart.version + 1


def repriced(customer_id: str, cart: Cart, prices: Mapping[str, int], at: datetime) -> table.Write:
    """The cart shows *prices*, now that the customer was told; refused if it changed meanwhile."""
    changes: dict[Path, Any] = {
        ("lines", sku, "price_minor"): price for sku, price in prices.items()
    }
    return _change(customer_id, cart, at, changes)


def emptied(customer_id: str, cart: Cart, at: datetime) -> table.Write:
    """The cart was bought, as it was read; what comes next is another cart."""
    return _change(customer_id, cart, at, {"lines": {}, "cart_id": ids.new(at), "armed": False})


def unwatched(customer_id: str, cart: Cart) -> table.Write:
    """No timer watches the cart any longer, provided that it is as it was read."""
    return table.update(_pk(customer_id), SK, assign={"armed": False}, condition=_as_read(cart))


def watch(customer_id: str, cart_id: str, due: datetime) -> table.Write:
    """The timer that looks at the cart at *due*."""
    subject = {"customer_id": customer_id, "cart_id": cart_id}
    return timers.arm(timers.Timer(ABANDONED, cart_id, due, subject))


def parse(item: table.Item | None) -> Cart:
    if item is None:
        return NEVER_WRITTEN
    lines = [_line(sku, line) for sku, line in item["lines"].items()]
    return Cart(
        item["cart_id"],
        item["version"],
        tuple(sorted(lines, key=lambda line: (line.added_at, line.sku))),
        datetime.fromisoformat(item["updated_at"]),
        item["armed"],
    )


def _first(customer_id: str, cart_id: str, line: Line, at: datetime) -> table.Write:
    return table.put(
        {
            "pk": _pk(customer_id),
            "sk": SK,
            "v": 1,
            "cart_id": cart_id,
            "version": 1,
            "lines": {line.sku: _item(line)},
            "updated_at": at.isoformat(),
            "armed": True,
        }
    )


def _arm(customer_id: str, cart_id: str, at: datetime) -> table.Write:
    return watch(customer_id, cart_id, at + ABANDONED_AFTER)


def _change(customer_id: str, cart: Cart, at: datetime, changes: Mapping[Path, Any]) -> table.Write:
    return table.update(
        _pk(customer_id),
        SK,
        assign={**changes, "updated_at": at.isoformat()},
        add={"version": 1},
        condition=_as_read(cart),
    )


def _as_read(cart: Cart) -> Condition:
    return Attr("version").eq(cart.version)


def _item(line: Line) -> table.Item:
    return {
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "name_ru": line.name.ru,
        "name_en": line.name.en,
        "shipped": line.shipped,
        "added_at": line.added_at.isoformat(),
    }


def _line(sku: str, item: table.Item) -> Line:
    return Line(
        sku,
        item["quantity"],
        item["price_minor"],
        Text(item["name_ru"], item["name_en"]),
        item["shipped"],
        datetime.fromisoformat(item["added_at"]),
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
