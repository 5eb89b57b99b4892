"""The shop's own table of products, in CSV: a column for each field of the API's body. Pure.

`sku` is needed; what the table has no column for stays as it is. `price` is in whole units
(`1990,50`), `price_minor` in minor ones; `pictures` stand apart by spaces; `attr.<code>.<name in
Russian>.<name in English>` holds an attribute, as `синий|blue`.
"""

from collections.abc import Iterator
from typing import Any

from orders.catalogue.imports.formats import words
from orders.catalogue.imports.formats.sheet import Line, Sheet
from orders.catalogue.imports.row import Fault, Row

TEXTS = (
    *("category", "kind", "name_ru", "name_en", "description_ru", "description_en"),
    "early_access_tier",
)
NUMBERS = ("price_minor", "available", "weight_grams")
ATTRIBUTE = "attr."


def rows(file: bytes) -> Iterator[Row]:
    """Each line of *file*. Unreadable for what is no table of products."""
    for number, line in Sheet(file, "sku").lines():
        yield _row(number, line) if line else Row(number, fault=Fault("", "malformed_row"))


def _row(number: int, line: Line) -> Row:
    body: dict[str, Any] = {name: line[name] for name in TEXTS if name in line}
    body |= {name: words.whole(line[name]) for name in NUMBERS if name in line}
    body |= {name: line[name].upper() for name in ("sku", "group") if name in line}
    if "pictures" in line:
        body["pictures"] = line["pictures"].split()
    attributes = [_attribute(name, cell) for name, cell in line.items() if _is_attribute(name)]
    if attributes:
        body["attributes"] = attributes
    fault = None
    if "price" in line and (price := words.minor(line["price"])) is not None:
        body["price_minor"] = price
    elif "price" in line:
        fault = Fault("price", "unreadable_price")
    return Row(number, body, line.get("currency"), fault=fault)


def _is_attribute(column: str) -> bool:
    return column.startswith(ATTRIBUTE)


def _attribute(column: str, cell: str) -> dict[str, str]:
    """`attr.colour.цвет.colour` and `синий|blue`; one word stands for both languages."""
    _, code, *names = column.split(".", 3)
    name_ru, name_en = (*names, *names, code, code)[:2]
    value_ru, _, value_en = cell.partition("|")
    named = {"name_ru": name_ru.capitalize(), "name_en": name_en.capitalize()}
    return {"code": code, **named, "value_ru": value_ru, "value_en": value_en or value_ru}
