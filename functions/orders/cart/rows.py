"""The cart's row as the domain's value, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from common.expressions import Item
from common.language import Text
from orders.cart.cart import Cart, Line
from orders.gift import Gift

SK = "CART"
NEVER_WRITTEN = Cart("", 0, (), datetime.min.replace(tzinfo=UTC), armed=False)


def cart(found: Item | None) -> Cart:
    if found is None:
        return NEVER_WRITTEN
    return Cart(
        found["cart_id"],
        found["version"],
        _lines(found["lines"]),
        datetime.fromisoformat(found["updated_at"]),
        found["armed"],
        _lines(found["saved"]),
        Gift(**found["gift"]) if found["gift"] else None,
        found.get("coupon"),
    )


def row(whole: Cart, cart_id: str, at: datetime) -> Item:
    """The whole row of the cart's next version, but for its key."""
    return {
        "sk": SK,
        "v": 1,
        "cart_id": cart_id,
        "version": whole.version + 1,
        "lines": {line.sku: item(line) for line in whole.lines},
        "saved": {line.sku: item(line) for line in whole.saved},
        "gift": asdict(whole.gift) if whole.gift else None,
        "coupon": whole.coupon,
        "updated_at": at.isoformat(),
        "armed": False,
    }


def item(line: Line) -> Item:
    return {
        "quantity": line.quantity,
        "price_minor": line.price_minor,
        "name_ru": line.name.ru,
        "name_en": line.name.en,
        "shipped": line.shipped,
        "added_at": line.added_at.isoformat(),
        "grams": line.grams,
        "money": line.money,
    }


def _lines(items: Mapping[str, Item]) -> tuple[Line, ...]:
    """In the order in which they were added."""
    lines = [_line(sku, stored) for sku, stored in items.items()]
    return tuple(sorted(lines, key=lambda line: (line.added_at, line.sku)))


def _line(sku: str, stored: Item) -> Line:
    return Line(
        sku,
        stored["quantity"],
        stored["price_minor"],
        Text(stored["name_ru"], stored["name_en"]),
        stored["shipped"],
        datetime.fromisoformat(stored["added_at"]),
        stored["grams"],
        stored["money"],
    )
