"""How what was found is shown."""

from collections.abc import Mapping

from common import api as shell
from common.language import Language
from common.search.documents import Hits
from orders.catalogue.categories.category import Tree
from orders.catalogue.product import Product
from orders.catalogue.view import ProductView
from orders.search.document import (
    CATEGORY,
    IN_STOCK,
    PRICE,
    SEPARATOR,
    STOCK,
    attribute_filter,
    names_filter,
)

type Counts = Mapping[str, Mapping[str, int]]


class ChoiceView(shell.View):
    """`value` is what the filter takes, `count` how many products it would leave."""

    value: str
    name: str
    count: int


class AttributeFacetView(shell.View):
    code: str
    name: str
    choices: list[ChoiceView]


class PriceFacetView(shell.View):
    """From the cheapest to the dearest."""

    min_minor: int
    max_minor: int


class FacetsView(shell.View):
    """Each filter's counts, and `price`, are as if it were not set; `in_stock` are those that can
    be bought. Where nothing is found, there is no price."""

    price: PriceFacetView | None
    categories: list[ChoiceView]
    attributes: list[AttributeFacetView]
    in_stock: int


class FoundPage(shell.View):
    items: list[ProductView]
    total: int
    facets: FacetsView
    next_cursor: str | None


class SuggestionView(shell.View):
    sku: str
    name: str


class SuggestionsView(shell.View):
    items: list[SuggestionView]


class SynonymsView(shell.View):
    groups: list[list[str]]


def facets(hits: Hits, language: Language, tree: Tree) -> FacetsView:
    counts, span = hits.counts, hits.spans.get(PRICE)
    return FacetsView(
        price=PriceFacetView(min_minor=span[0], max_minor=span[1]) if span else None,
        categories=_categories(counts.get(CATEGORY, {}), language, tree),
        attributes=_attributes(counts, language),
        in_stock=counts.get(STOCK, {}).get(IN_STOCK, 0),
    )


def suggestion(product: Product, language: Language) -> SuggestionView:
    return SuggestionView(sku=product.sku, name=product.name[language])


def _categories(counts: Mapping[str, int], language: Language, tree: Tree) -> list[ChoiceView]:
    """A category that staff did not name is shown by its id."""
    names = {id_: category.name[language] for id_, category in tree.categories.items()}
    return [ChoiceView(value=c, name=names.get(c, c), count=n) for c, n in _most(counts)]


def _attributes(counts: Counts, language: Language) -> list[AttributeFacetView]:
    named = (key.partition(SEPARATOR) for key, _ in _most(counts.get(names_filter(language), {})))
    names = {code: name for code, _, name in reversed(list(named))}
    return [
        AttributeFacetView(
            code=code,
            name=name,
            choices=[ChoiceView(value=v, name=v, count=n) for v, n in _most(of)],
        )
        for code, name in sorted(names.items())
        if (of := counts.get(attribute_filter(language, code)))
    ]


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
