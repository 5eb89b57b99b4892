"""The catalogue in DynamoDB.

pk             sk       what                                    gsi1pk     gsi1sk
PRODUCT#<sku>  PRODUCT  a product, its price and, for a good,   CATALOGUE  <category>#<sku>
                        how much is `available` and `reserved`

Archived products are listed under ARCHIVE. gsi2 finds the variants of one thing: GROUP#<group>
and the SKU. Sales touch stock only; staff touch
words and price, and stock under the version of the row. So neither undoes the other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from common import outbox, table
from common.conditions import Attr, Condition
from common.events import Event
from common.expressions import Path
from common.language import Text
from orders.catalogue.product import Attribute, Kind, Product

SK = "PRODUCT"
LISTED, ARCHIVED = "CATALOGUE", "ARCHIVE"
MOST_VARIANTS = 50


def key(sku: str) -> tuple[str, str, str]:
    """Where a product lies, for a read together with other items."""
    return table.OWN, pk(sku), SK


def find(sku: str) -> Product | None:
    """The product, whether it is sold or archived."""
    item = table.get(pk(sku), SK)
    return parse(item) if item else None


def find_all(skus: Iterable[str]) -> dict[str, Product]:
    """Those of *skus* (at most 100) that exist, in one round trip."""
    items = table.get_many(*map(key, skus))
    return {item["sku"]: parse(item) for item in items if item}


def find_many(skus: Iterable[str]) -> dict[str, Product]:
    """Those of *skus* (at most 100) that are sold, in one round trip."""
    return sold_among(table.get_many(*map(key, skus)))


def page(
    category: str | None, limit: int | None, start: table.Item | None, listing: str = LISTED
) -> table.Page:
    """One page of the catalogue, or of what is archived, by category and SKU."""
    within = table.sort_key("gsi1").begins_with(f"{category}#") if category else None
    return table.query(listing, within, index="gsi1", limit=limit, start=start)


def every() -> Iterator[Product]:
    """All that is sold, page after page."""
    return map(parse, table.query_all(LISTED, index="gsi1"))


def variants(group: str) -> list[Product]:
    """The products of *group* that are sold, by SKU."""
    found = table.query(f"GROUP#{group}", index="gsi2", limit=MOST_VARIANTS)
    return [product for item in found.items if (product := sold(item))]


def saved(product: Product, events: Sequence[Event]) -> list[table.Write]:
    """The writes of a new or renewed product, with its events.

    Refused where a new one exists, or a renewed one is no longer as it was read.
    """
    return [_save(product), *map(outbox.row, events)]


def take(sku: str, quantity: int, price_minor: int, tiers: Collection[str]) -> table.Write:
    """Reserve *quantity* of a good, provided that it is there at this price, for one of *tiers* if
    not for everybody."""
    there = _offered(price_minor, tiers) & Attr("available").gte(quantity)
    return _move(sku, {"available": -quantity, "reserved": quantity}, there)


def hold(sku: str, quantity: int) -> table.Write:
    """Reserve *quantity* of a good, whatever it costs by now."""
    there = Attr("archived").not_exists() & Attr("available").gte(quantity)
    return _move(sku, {"available": -quantity, "reserved": quantity}, there)


def confirm_price(sku: str, price_minor: int, tiers: Collection[str]) -> table.Write:
    """For what has no stock: only the price must hold, for one of *tiers* if not for everybody."""
    return table.check(pk(sku), SK, _offered(price_minor, tiers))


def ship(sku: str, quantity: int) -> table.Write:
    """What was reserved has left the house."""
    return _move(sku, {"reserved": -quantity}, Attr("reserved").gte(quantity))


def give_back(sku: str, quantity: int) -> table.Write:
    """What was reserved can be sold again."""
    return _move(
        sku, {"available": quantity, "reserved": -quantity}, Attr("reserved").gte(quantity)
    )


def restock(sku: str, quantity: int, released: int = 0) -> table.Write:
    """What came back can be sold again, and so can what was reserved and is *released*."""
    moves: dict[Path, int] = {"available": quantity + released}
    if not released:
        return _move(sku, moves, Attr("available").exists())
    return _move(sku, moves | {"reserved": -released}, Attr("reserved").gte(released))


def sold(item: table.Item | None) -> Product | None:
    """The product of a row that was read, None where there is none or it is archived."""
    product = parse(item) if item else None
    return None if product is None or product.archived else product


def sold_among(items: Iterable[table.Item | None]) -> dict[str, Product]:
    """The products of rows that were read, by SKU, without what is not there or archived."""
    return {product.sku: product for item in items if (product := sold(item))}


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
        group=item.get("group"),
        attributes=tuple(map(_attribute, item.get("attributes", []))),
        pictures=tuple(item.get("pictures", [])),
        early_access_tier=item.get("early_access_tier"),
        archived="archived" in item,
        created_at=item.get("created_at", 0),
        past_prices={date.fromisoformat(d): p for d, p in item.get("past_prices", {}).items()},
    )


def _save(product: Product) -> table.Write:
    words = _words(product)
    if product.version > 1:
        assign: dict[Path, Any] = {n: value for n, value in words.items() if value is not None}
        remove = [name for name, value in words.items() if value is None]
        as_read = Attr("version").eq(product.version - 1)
        return table.update(pk(product.sku), SK, assign=assign, remove=remove, condition=as_read)
    stock = {} if product.available is None else {"available": product.available, "reserved": 0}
    given = {name: value for name, value in words.items() if value is not None}
    return table.put({"pk": pk(product.sku), "sk": SK, "v": 2, **given, **stock})


def _words(product: Product) -> table.Item:
    """What staff change, None for what is absent."""
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
        "created_at": product.created_at,
        "group": product.group,
        "attributes": [_item(attribute) for attribute in product.attributes] or None,
        "pictures": list(product.pictures) or None,
        "early_access_tier": product.early_access_tier,
        "archived": True if product.archived else None,
        "past_prices": {d.isoformat(): p for d, p in product.past_prices.items()} or None,
        "gsi1pk": ARCHIVED if product.archived else LISTED,
        "gsi1sk": f"{product.category}#{product.sku}",
        "gsi2pk": f"GROUP#{product.group}" if product.group else None,
        "gsi2sk": product.sku if product.group else None,
    }


def _item(attribute: Attribute) -> table.Item:
    named = {"name_ru": attribute.name.ru, "name_en": attribute.name.en}
    worth = {"value_ru": attribute.value.ru, "value_en": attribute.value.en}
    return {"code": attribute.code, **named, **worth}


def _attribute(item: table.Item) -> Attribute:
    name = Text(item["name_ru"], item["name_en"])
    return Attribute(item["code"], name, Text(item["value_ru"], item["value_en"]))


def _offered(price_minor: int, tiers: Collection[str]) -> Condition:
    """It is sold at this price to everybody, or to one of *tiers*."""
    whose = Attr("early_access_tier").not_exists()
    for tier in sorted(tiers):
        whose |= Attr("early_access_tier").eq(tier)
    return Attr("price_minor").eq(price_minor) & Attr("archived").not_exists() & whose


def _move(sku: str, moves: Mapping[Path, int], condition: Condition) -> table.Write:
    return table.update(pk(sku), SK, add=moves, condition=condition)


def pk(sku: str) -> str:
    return f"PRODUCT#{sku}"
