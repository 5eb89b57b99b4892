"""HTTP routes of the catalogue that anybody may look at."""

import os
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from common import api as shell
from common import clock, cursors
from common.errors import NotFound
from common.language import Language
from orders.catalogue import store
from orders.catalogue.categories import store as categories
from orders.catalogue.categories.category import Category, Tree
from orders.catalogue.fields import CATEGORY, SkuInPath
from orders.catalogue.view import ProductDetails, ProductView, Shown

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class ProductPage(shell.View):
    items: list[ProductView]
    next_cursor: str | None


class CategoryView(shell.View):
    """A category with those within it, in their order."""

    id: str
    name: str
    children: "list[CategoryView]"


class TreeView(shell.View):
    items: list[CategoryView]


@router.get("/v1/products")
def list_products(
    category: Annotated[str | None, Query(pattern=CATEGORY)] = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> ProductPage:
    """List the catalogue, or one category of it."""
    listing = f"products:{category or ''}"
    page = store.page(category, limit, cursors.unseal("public", listing, cursor))
    items = [_shown().product(store.parse(item)) for item in page.items]
    return ProductPage(items=items, next_cursor=cursors.seal("public", listing, page.last))


@router.get("/v1/products/<sku>")
def show_product(sku: SkuInPath) -> ProductDetails:
    """Show one product with its price and stock, and its other variants."""
    product = store.find(sku)
    if product is None or product.archived:
        raise NotFound
    variants = store.variants(product.group) if product.group else []
    return _shown().details(product, variants)


@router.get("/v1/categories", responses=shell.shown(TreeView))
def show_categories() -> Response[Any]:
    """Show the tree of categories."""
    tree, language = categories.find(), shell.language(router)
    view = TreeView(items=[_category(tree, c, language) for c in tree.children(None)])
    return shell.answer(view, headers={"ETag": shell.etag(tree.version)})


def _shown() -> Shown:
    return Shown(shell.language(router), os.environ["CURRENCY"], clock.today())


def _category(tree: Tree, category: Category, language: Language) -> CategoryView:
    children = [_category(tree, child, language) for child in tree.children(category.id)]
    return CategoryView(id=category.id, name=category.name[language], children=children)
