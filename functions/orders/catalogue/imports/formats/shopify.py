"""Shopify's export of products: several lines a product, one for each variant or picture. Pure.

Columns go by the names of before 2025 or by those of now. A variant is a product here; what its
first line tells of the whole holds for all. Texts are in one language, and stand for both.
https://help.shopify.com/en/manual/products/import-export/using-csv
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orders.catalogue.imports.formats import words
from orders.catalogue.imports.formats.sheet import Line, Sheet
from orders.catalogue.imports.row import Fault, Row

# What is asked for, by the names that its column has had.
NAMES = {
    "handle": ("handle", "url handle"),
    "text": ("body (html)", "description"),
    "sku": ("variant sku", "sku"),
    "price": ("variant price", "price"),
    "stock": ("variant inventory qty", "inventory quantity"),
    "grams": ("variant grams", "weight value (grams)"),
    "picture": ("image src", "product image url"),
    "own picture": ("variant image", "variant image url"),
}
OPTIONS = ("option1", "option2", "option3")
# What stands where a product has no options.
NO_OPTION = "title"
MOST_PICTURES = 10


@dataclass(slots=True)
class _Thing:
    """All lines of one handle."""

    handle: str
    first: Line
    variants: list[tuple[int, Line]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def rows(file: bytes) -> Iterator[Row]:
    """Each variant in *file*. Unreadable for what is no export of products."""
    sheet = Sheet(file, "title")
    thing: _Thing | None = None
    for number, line in sheet.lines():
        if line is None:
            yield Row(number, fault=Fault("", "malformed_row"))
            continue
        handle = _cell(line, "handle") or (thing.handle if thing and "title" not in line else "")
        if thing is None or handle != thing.handle or not handle:
            yield from _variants(thing)
            thing = _Thing(handle, line)
        _add(thing, number, line)
    yield from _variants(thing)


def _add(thing: _Thing, number: int, line: Line) -> None:
    if picture := _cell(line, "picture"):
        thing.pictures.append(picture)
    if any(_cell(line, name) for name in ("sku", "price")) or line is thing.first:
        thing.variants.append((number, line))


def _variants(thing: _Thing | None) -> Iterator[Row]:
    if thing:
        yield from (_row(thing, number, line) for number, line in thing.variants)


def _row(thing: _Thing, number: int, line: Line) -> Row:
    whole, price = thing.first, words.minor(_cell(line, "price"))
    title, text = whole.get("title", ""), words.plain(_cell(whole, "text"))
    named = " ".join([title, *(value for _, value in _options(whole, line))])
    body: dict[str, Any] = {"sku": _cell(line, "sku").upper(), "category": _category(whole)}
    body |= {"name_ru": named, "name_en": named, "price_minor": price}
    body |= {"description_ru": text or title, "description_en": text or title}
    body |= _kind(whole, line)
    if grams := _cell(line, "grams"):
        body["weight_grams"] = words.whole(grams.removesuffix(".0")) or 1
    body |= _group(thing, whole, line)
    own = _cell(line, "own picture")
    pictures = dict.fromkeys([own, *thing.pictures] if own else thing.pictures)
    body["pictures"] = list(pictures)[:MOST_PICTURES]
    fault = Fault("price", "unreadable_price") if price is None else None
    return Row(number, body, archived=_is_archived(whole), fault=fault)


def _category(whole: Line) -> str:
    """The shop's own type, or the last step of Shopify's `Home > Tea`."""
    return whole.get("type") or whole.get("product category", "").rpartition(">")[2].strip()


def _kind(whole: Line, line: Line) -> dict[str, Any]:
    """A gift card never runs out; less than none of a good is none."""
    if whole.get("gift card", "").lower() == "true":
        return {"kind": "gift_card"}
    stock = _cell(line, "stock") or "0"
    return {"available": 0 if stock.startswith("-") else words.whole(stock)}


def _group(thing: _Thing, whole: Line, line: Line) -> dict[str, Any]:
    options = list(_options(whole, line))
    if not options:
        return {}
    attributes = [
        {"code": words.code(name), "name_ru": name, "name_en": name}
        | {"value_ru": value, "value_en": value}
        for name, value in options
    ]
    return {"group": words.group(thing.handle), "attributes": attributes}


def _options(whole: Line, line: Line) -> Iterator[tuple[str, str]]:
    """What tells the variants apart: names stand in the first line, values in each."""
    for option in OPTIONS:
        name, value = whole.get(f"{option} name", ""), line.get(f"{option} value", "")
        if name and value and name.lower() != NO_OPTION:
            yield name, value


def _is_archived(whole: Line) -> bool:
    return whole.get("status", "active").lower() != "active"


def _cell(line: Line, what: str) -> str:
    return next((line[name] for name in NAMES[what] if name in line), "")
