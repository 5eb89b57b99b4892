"""What customers ask the index of the catalogue. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from common.errors import Invalid
from common.language import Language
from common.search.documents import Question
from orders.catalogue.categories.category import Tree
from orders.search.document import CATEGORY, CREATED, IN_STOCK, PRICE, STOCK, attribute_filter

MOST_CHOSEN = 20


class Sort(StrEnum):
    RELEVANCE = "relevance"
    CHEAPEST = "price"
    DEAREST = "-price"
    NEWEST = "newest"


ORDERS = {Sort.CHEAPEST: PRICE, Sort.DEAREST: f"-{PRICE}", Sort.NEWEST: f"-{CREATED}"}


@dataclass(frozen=True, slots=True)
class Filters:
    """*attributes* are values by code: one of each code's is wanted."""

    category: str | None
    attributes: Mapping[str, list[str]]
    price_from: int | None
    price_to: int | None
    in_stock: bool


def chosen(attributes: str) -> dict[str, list[str]]:
    """The values by code in a text such as `colour:blue;colour:red;size:M`. Raise Invalid."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, attributes.split(";")):
        code, colon, value = pair.partition(":")
        if not (code and colon and value):
            raise Invalid(errors=[{"field": "query.attributes", "code": "attribute_filter"}])
        found.setdefault(code, []).append(value)
    if sum(map(len, found.values())) > MOST_CHOSEN:
        raise Invalid(errors=[{"field": "query.attributes", "code": "too_long"}])
    return found


def question(
    text: str,
    filters: Filters,
    sort: Sort,
    language: Language,
    tree: Tree,
    offset: int,
    limit: int,
) -> Question:
    wanted = {attribute_filter(language, c): vs for c, vs in filters.attributes.items()}
    if filters.category:
        wanted[CATEGORY] = list(tree.within(filters.category))
    if filters.in_stock:
        wanted[STOCK] = [IN_STOCK]
    bounds = {PRICE: (filters.price_from, filters.price_to)}
    return Question(text, wanted, bounds, ORDERS.get(sort), offset, limit)
