"""HTTP routes by which products are found; a function of its own, with the search layer."""

import os
from collections.abc import Mapping
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, StringConstraints

from common import access, clock, cursors
from common import api as shell
from common.access import Role
from common.search.documents import Hits, Question
from orders.catalogue import store as catalogue
from orders.catalogue.fields import CATEGORY
from orders.catalogue.product import Product
from orders.catalogue.view import ProductView, Shown
from orders.search import store, view
from orders.search.question import Filters, Sort, chosen, question
from orders.search.view import FoundPage, SuggestionsView, SynonymsView

api = shell.create()

MOST_SUGGESTIONS = 8
# Nobody leafs so far; who wants everything lists the catalogue.
LAST_OFFSET = 1_000

Words = Annotated[str, Query(max_length=100)]
Bound = Annotated[int | None, Query(ge=0, le=10**12)]
Word = Annotated[str, StringConstraints(pattern=r"^[\w-]{2,40}$")]


class SynonymsBody(shell.Body):
    """Groups of single words that mean the same, in either language."""

    groups: Annotated[
        list[Annotated[list[Word], Field(min_length=2, max_length=10)]], Field(max_length=200)
    ]


@api.get("/v1/search/products")
def search_products(
    query: Words = "",
    category: Annotated[str | None, Query(pattern=CATEGORY)] = None,
    attributes: Annotated[str, Query(max_length=300, description="colour:blue;size:M")] = "",
    price_from: Bound = None,
    price_to: Bound = None,
    in_stock: bool = False,
    sort: Sort = Sort.RELEVANCE,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> FoundPage:
    """Find products by words in Russian or English, at today's prices and stock.

    A category holds all within it. Counts beside the page say what more would narrow it down.
    """
    filters = Filters(category, chosen(attributes), price_from, price_to, in_stock)
    return _found(query, filters, sort, cursor, limit)


@api.get("/v1/search/suggestions")
def suggest(query: Annotated[str, Query(min_length=1, max_length=100)]) -> SuggestionsView:
    """Suggest products while a customer types: the last word may be unfinished."""
    index, synonyms = store.SNAPSHOTS.current()
    hits = index.find(Question(query, limit=MOST_SUGGESTIONS), synonyms)
    found, language = _products(hits), shell.language(api)
    return SuggestionsView(
        items=[view.suggestion(found[sku], language) for sku in hits.ids if sku in found]
    )


@api.get("/v1/staff/search/synonyms")
def show_synonyms() -> SynonymsView:
    """Show which words mean the same."""
    access.staff(api, Role.MANAGER)
    return SynonymsView(groups=store.SNAPSHOTS.synonyms())


@api.put("/v1/staff/search/synonyms")
def put_synonyms(request: SynonymsBody) -> SynonymsView:
    """Say which words mean the same; searches know it within ten seconds."""
    access.staff(api, Role.MANAGER)
    store.SNAPSHOTS.put_synonyms(request.groups)
    return SynonymsView(groups=request.groups)


def _found(text: str, filters: Filters, sort: Sort, cursor: str | None, limit: int) -> FoundPage:
    listing = f"search:{text}:{filters}:{sort}:{limit}"
    start = cursors.unseal("public", listing, cursor)
    offset = start["offset"] if start else 0
    language, tree = shell.language(api), store.tree()
    index, synonyms = store.SNAPSHOTS.current()
    hits = index.find(question(text, filters, sort, language, tree, offset, limit), synonyms)
    more = {"offset": offset + limit} if hits.total > offset + limit <= LAST_OFFSET else None
    return FoundPage(
        items=_fresh(hits, filters),
        total=hits.total,
        facets=view.facets(hits, language, tree),
        next_cursor=cursors.seal("public", listing, more),
    )


def _fresh(hits: Hits, filters: Filters) -> list[ProductView]:
    """The hits as the catalogue has them now, without what is no longer sold or, where that was
    asked, in stock."""
    found = _products(hits)
    shown = Shown(shell.language(api), os.environ["CURRENCY"], clock.today())
    here = [found[sku] for sku in hits.ids if sku in found]
    return [shown.product(p) for p in here if p.can_be_bought or not filters.in_stock]


def _products(hits: Hits) -> Mapping[str, Product]:
    return catalogue.find_many(hits.ids)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
