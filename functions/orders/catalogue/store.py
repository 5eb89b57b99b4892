"""The catalogue in DynamoDB.

pk             sk       what                                    gsi1pk     gsi1sk
PRODUCT#<sku>  PRODUCT  a product, its price and, for a good,   CATALOGUE  <category>#<sku>
                        how much is `available` and `reserved`

Sales touch stock only; an import touches words and price, and sets stock once, when it creates
the product. So neither undoes the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from pydantic import BaseModel

from common import idempotency, outbox, table
from common.conditions import Attr, Condition
from common.errors import Busy
from common.events.orders import ProductChanged
from common.expressions import Path
from common.language import Text
from orders.catalogue.product import Kind, Product

SK = "PRODUCT"
LISTED = "CATALOGUE"


def key(sku: str) -> tuple[str, str, str]:
    """Where a product lies, for a read together with other items."""
    return table.OWN, _pk(sku), SK


def find(sku: str) -> Product | None:
    item = table.get(_pk(sku), SK)
    return parse(item) if item else None


def find_many(skus: Iterable[str]) -> dict[str, Product]:
    """Those of *skus* (at most 100) that exist, in one round trip."""
    items = table.get_many(*map(key, skus))
    return {item["sku"]: parse(item) for item in items if item}


def page(category: str | None, limit: int, start: table.Item | None) -> table.Page:
    """One page of the catalogue, by category and SKU."""
    within = table.sort_key("gsi1").begins_with(f"{category}#") if category else None
    return table.query(LISTED, within, index="gsi1", limit=limit, start=start)


def save(
    call: idempotency.Attempt,
    answer: BaseModel,
    changes: Sequence[tuple[Product, ProductChanged]],
) -> None:
    """Write new and renewed products, each with its event, and the *answer*, all or nothing.

    Repeated for a repeated call; Busy when another import changed one of them meanwhile.
    """
    writes = [w for product, event in changes for w in (_save(product), outbox.row(event))]
    try:
        idempotency.commit(call, HTTPStatus.OK, answer, *writes)
    except table.ConditionFailed as overtaken:
        raise Busy from overtaken


def take(sku: str, quantity: int, price_minor: int) -> table.Write:
    """Reserve *quantity* of a good, provided that it is there at this price."""
    there = Attr("price_minor").eq(price_minor) & Attr("available").gte(quantity)
    return _move(sku, {"available": -quantity, "reserved": quantity}, there)


def confirm_price(sku: str, price_minor: int) -> table.Write:
    """For what has no stock: only the price must hold."""
    return table.check(_pk(sku), SK, Attr("price_minor").eq(price_minor))


def ship(sku: str, quantity: int) -> table.Write:
    """What was reserved has left the house."""
    return _move(sku, {"reserved": -quantity}, Attr("reserved").gte(quantity))


def give_back(sku: str, quantity: int) -> table.Write:
    """What was reserved can be sold again."""
    return _move(
        sku, {"available": quantity, "reserved": -quantity}, Attr("reserved").gte(quantity)
    )


def parse(item: table.Item) -> Product:
    return Product(
        sku=item["sku"],
        category=item["category"],
        kind=Kind(item["kind"]),
        name=Text(item["name_ru"], item["name_en"]),
        description=Text(item["description_ru"], item["description_en"]),
        price_minor=item["price_minor"],
        available=item.get("available"),
        version=item["version"],
        weight_grams=item["weight_grams"],
    )


def _save(product: Product) -> table.Write:
    words = _words(product)
    if product.version > 1:
        unchanged = Attr("version").eq(product.version - 1)
        return table.update(_pk(product.sku), SK, assign=dict(words.items()), condition=unchanged)
    stock = {} if product.available is None else {"available": product.available, "reserved": 0}
    return table.put({"pk": _pk(product.sku), "sk": SK, "v": 1, **words, **stock})


def _words(product: Product) -> table.Item:
    return {
        "sku": product.sku,
        "category": product.category,
        "kind": product.kind.value,
        "name_ru": product.name.ru,
        "name_en": product.name.en,
        "description_ru": product.description.ru,
        "description_en": product.description.en,
        "price_minor": product.price_minor,
        "version": product.version,
        "weight_grams": product.weight_grams,
        "gsi1pk": LISTED,
        "gsi1sk": f"{product.category}#{product.sku}",
    }


def _move(sku: str, moves: Mapping[Path, int], condition: Condition) -> table.Write:
    return table.update(_pk(sku), SK, add=moves, condition=condition)


def _pk(sku: str) -> str:
    return f"PRODUCT#{sku}"
