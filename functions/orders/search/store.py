"""The search index of the catalogue, kept by `common.search.snapshots`, and what it is built of."""

from collections.abc import Iterable
from itertools import batched

from common import table
from common.search.index import Index
from common.search.snapshots import Snapshots
from orders.catalogue import store as catalogue
from orders.catalogue.categories import store as categories
from orders.catalogue.categories.category import Tree
from orders.catalogue.product import Product
from orders.search.document import NUMBERS, document

SNAPSHOTS = Snapshots("catalogue", NUMBERS)


def tree() -> Tree:
    """The categories, whose ids a search in one of them takes."""
    return categories.find()


def refresh(skus: Iterable[str]) -> None:
    """Bring the index up to what the catalogue says of *skus* now.

    The snapshot is chosen before the catalogue is read, so that what another builder read later
    cannot be overwritten. ConditionFailed when another builder came first.
    """
    start, asked = SNAPSHOTS.newest(), sorted(set(skus))
    found = [p for some in batched(asked, table.BATCH_GET_LIMIT, strict=False) for p in _sold(some)]
    gone = set(asked) - {product.sku for product in found}
    SNAPSHOTS.change(start, map(document, found), gone)


def rebuild() -> int:
    """Build the index anew from the whole catalogue; how many products it holds.

    ConditionFailed when another builder came meanwhile: what it knew better is not lost.
    """
    start = SNAPSHOTS.newest()
    built: list[Index] = []

    def fill(index: Index) -> None:
        index.change(map(document, catalogue.every()))
        built.append(index)

    SNAPSHOTS.replace(start, fill)
    return built[0].documents


def _sold(skus: Iterable[str]) -> Iterable[Product]:
    return catalogue.find_many(skus).values()
