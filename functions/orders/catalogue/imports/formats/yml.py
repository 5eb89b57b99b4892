"""A feed of Yandex Market in YML: an offer is a product, its id the SKU. Pure.

XML is read as it comes, without entities or anything from outside. Texts are in one language, and
stand for both. `oldprice` is left out: what a product cost before, the shop knows itself.
https://yandex.ru/support/marketplace/assortment/auto/yml.html
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from orders.catalogue.imports.formats import words
from orders.catalogue.imports.job import Unreadable
from orders.catalogue.imports.row import Fault, Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ROOT = "yml_catalog"
# The rouble of before 1998, as feeds call it still.
CURRENCIES = {"RUR": "RUB"}
MOST_ATTRIBUTES, LONGEST_VALUE, MOST_PICTURES = 20, 60, 10
GRAMS = 1000
VENDOR = ("vendor", "Производитель", "Brand")


def rows(file: bytes) -> Iterator[Row]:
    """Each offer of *file*, counted from 1. Unreadable for what is no feed, or no safe one."""
    from defusedxml import DefusedXmlException

    try:
        yield from _rows(file)
    except DefusedXmlException as unsafe:
        raise Unreadable("unsafe_xml") from unsafe
    except (ParseError, LookupError, ValueError) as broken:
        raise Unreadable("broken_xml") from broken


def _rows(file: bytes) -> Iterator[Row]:
    from defusedxml.ElementTree import iterparse

    categories: dict[str, str] = {}
    above: list[Element] = []
    number = 0
    for event, element in iterparse(io.BytesIO(file), events=("start", "end")):
        if event == "start":
            if not above and element.tag != ROOT:
                raise Unreadable("not_yml")
            above.append(element)
            continue
        above.pop()
        if element.tag == "category":
            categories[element.get("id", "")] = (element.text or "").strip()
        elif element.tag == "offer":
            number += 1
            yield _row(number, element, categories)
        if above and not any(one.tag == "offer" for one in above):
            above[-1].clear()  # what was read is not kept: a feed may be large


def _row(number: int, offer: "Element", categories: dict[str, str]) -> Row:
    name, price = _name(offer), words.minor(_text(offer, "price"))
    text = words.plain(_text(offer, "description")) or name
    category = _text(offer, "categoryId")
    body: dict[str, Any] = {"sku": offer.get("id", "").upper(), "name_ru": name, "name_en": name}
    body |= {"category": categories.get(category, category), "price_minor": price}
    body |= {"description_ru": text, "description_en": text, "available": _stock(offer)}
    body |= {"attributes": list(_attributes(offer))[:MOST_ATTRIBUTES]}
    body |= {"pictures": _texts(offer, "picture")[:MOST_PICTURES]}
    if group := offer.get("group_id"):
        body["group"] = words.group(f"YML-{group}")
    if (grams := words.minor(_text(offer, "weight"))) is not None:
        body["weight_grams"] = max(1, grams * GRAMS // 100)
    said = _text(offer, "currencyId").upper()
    fault = Fault("price", "unreadable_price") if price is None else None
    return Row(number, body, CURRENCIES.get(said, said) or None, fault=fault)


def _name(offer: "Element") -> str:
    """Its name, or what it is made of where the offer is a `vendor.model`."""
    parts = (_text(offer, part) for part in ("typePrefix", "vendor", "model"))
    return _text(offer, "name") or " ".join(filter(None, parts))


def _stock(offer: "Element") -> int | str:
    """How many the feed counts; else one of what it says is there."""
    if offer.get("available", "true").lower() == "false":
        return 0
    return words.whole(_text(offer, "count") or "1")


def _attributes(offer: "Element") -> Iterator[dict[str, str]]:
    """The maker and all params of a few words, each code once."""
    said = [(*VENDOR, _text(offer, "vendor"))]
    for param in offer.iterfind("param"):
        name = param.get("name", "").strip()
        unit = param.get("unit", "")
        value = " ".join(filter(None, ((param.text or "").strip(), unit)))
        said.append((words.code(name), name, name, value))
    taken = set[str]()
    for code, ru, en, value in said:
        if value and code not in taken and max(len(ru), len(en), len(value)) <= LONGEST_VALUE:
            taken.add(code)
            yield {
                **{"code": code, "name_ru": ru, "name_en": en},
                **{"value_ru": value, "value_en": value},
            }


def _text(offer: "Element", tag: str) -> str:
    return (offer.findtext(tag) or "").strip()


def _texts(offer: "Element", tag: str) -> list[str]:
    return [text for element in offer.iterfind(tag) if (text := (element.text or "").strip())]
