"""What becomes of a row, by what the shop has already. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from common.fields import rule
from orders.catalogue import pictures
from orders.catalogue.categories.category import Tree
from orders.catalogue.editing.body import ProductBody
from orders.catalogue.imports.job import Outcome
from orders.catalogue.imports.row import Fault, Rejected, Row, Unacceptable
from orders.catalogue.product import KindFixed, Product


@dataclass(frozen=True, slots=True)
class Shop:
    """What rows are held against: *categories* are their ids, by id and by name in small letters;
    a name that two of them share stands for neither."""

    currency: str
    hosts: Sequence[str]
    categories: Mapping[str, str]
    day: date
    now: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """*product* as it is to be written; none where nothing is, *rejected* where the row is."""

    outcome: Outcome
    product: Product | None = None
    rejected: Rejected | None = None


def categories(tree: Tree) -> Mapping[str, str]:
    """The ids of all categories of *tree*, by their ids and by their names."""
    named: dict[str, set[str]] = {}
    for category in tree.categories.values():
        for name in {category.name.ru.casefold(), category.name.en.casefold()}:
            named.setdefault(name, set()).add(category.id)
    alone = {name: next(iter(ids)) for name, ids in named.items() if len(ids) == 1}
    return alone | {category_id: category_id for category_id in tree.categories}


def verdict(row: Row, known: Product | None, shop: Shop) -> Verdict:
    """What becomes of *row*, where *known* is what stands under its SKU."""
    try:
        wanted = _wanted(row, known, shop)
        if known is None:
            return Verdict(Outcome.CREATED, _new(row, wanted, shop))
        renewed = known.reimported(wanted, shop.day)
    except Unacceptable as refused:
        return Verdict(Outcome.REJECTED, rejected=Rejected(row.number, row.sku, refused.fault))
    except KindFixed:
        fault = Fault("kind", KindFixed.code)
        return Verdict(Outcome.REJECTED, rejected=Rejected(row.number, row.sku, fault))
    changed = renewed is not known
    return Verdict(Outcome.CHANGED, renewed) if changed else Verdict(Outcome.UNCHANGED)


def _new(row: Row, wanted: Product, shop: Shop) -> Product:
    return replace(wanted, archived=row.archived, created_at=shop.now)


def _wanted(row: Row, known: Product | None, shop: Shop) -> Product:
    """The product that *row* tells of; what it does not tell is as in *known*."""
    if row.fault:
        raise Unacceptable(row.fault.field, row.fault.code)
    if row.currency and row.currency.upper() != shop.currency:
        raise Unacceptable("currency", "foreign_currency")
    body = _checked(_completed(row.body, known, shop))
    wanted = body.product(_addresses(body.pictures, shop))
    untold = {"attributes", "pictures"} - row.body.keys() if known else set()
    return replace(wanted, **{name: getattr(known, name) for name in untold})


def _completed(told: Mapping[str, Any], known: Product | None, shop: Shop) -> dict[str, Any]:
    body = {**(_as_told(known) if known else _silent(told)), **told}
    category = body.get("category")
    if isinstance(category, str) and "category" in told:
        body["category"] = shop.categories.get(category.casefold())
        if body["category"] is None:
            raise Unacceptable("category", "unknown_category")
    return body


def _silent(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a new product has where nothing is told: a second language speaks as the first, and
    who describes nothing says its name again."""
    name = told.get("name_ru", told.get("name_en"))
    text = told.get("description_ru", told.get("description_en"))
    words = {"name_ru": name, "name_en": name}
    words |= {"description_ru": text or name, "description_en": text or name}
    return {field: word for field, word in words.items() if word is not None}


def _as_told(known: Product) -> dict[str, Any]:
    """*known* as a row would tell of it, without attributes and pictures."""
    return {
        "category": known.category,
        "kind": known.kind,
        "name_ru": known.name.ru,
        "name_en": known.name.en,
        "description_ru": known.description.ru,
        "description_en": known.description.en,
        "price_minor": known.price_minor,
        "available": known.available,
        "weight_grams": known.weight_grams,
        "group": known.group,
        "early_access_tier": known.early_access_tier,
    }


def _checked(body: dict[str, Any]) -> ProductBody:
    try:
        return ProductBody.model_validate(body)
    except ValidationError as refused:
        first = refused.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Unacceptable(place, "sku_form" if place == "sku" else rule(dict(first))) from refused


def _addresses(given: Sequence[str], shop: Shop) -> tuple[str, ...]:
    found = [pictures.address(picture, shop.hosts) for picture in given]
    if None in found:
        raise Unacceptable(f"pictures.{found.index(None)}", "picture_place")
    return tuple(address for address in found if address)
