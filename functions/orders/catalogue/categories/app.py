"""HTTP routes by which staff shape the tree of categories."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, table
from common import api as shell
from common.access import Role
from common.language import Text
from orders.catalogue.categories import store
from orders.catalogue.categories.category import Category, CategoryInUse
from orders.catalogue.fields import Category as CategoryId
from orders.catalogue.fields import CategoryInPath, Name

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class CategoryBody(shell.Body):
    """`parent_id` is null at the top; `place` orders siblings, lowest first."""

    name_ru: Name
    name_en: Name
    parent_id: CategoryId | None = None
    place: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0

    def category(self, category_id: str) -> Category:
        return Category(category_id, Text(self.name_ru, self.name_en), self.parent_id, self.place)


class StaffCategoryView(shell.View):
    id: str
    parent_id: str | None
    name_ru: str
    name_en: str
    place: int


@router.put("/v1/staff/categories/<category_id>", responses=shell.shown(StaffCategoryView))
def put_category(
    category_id: CategoryInPath, request: CategoryBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Make a category, rename it or move it; If-Match names the version of the tree."""
    access.staff(router, Role.MANAGER)
    category = request.category(category_id)
    version = table.retried(partial(_put, category, if_match))
    view = StaffCategoryView(
        id=category_id,
        parent_id=category.parent_id,
        name_ru=category.name.ru,
        name_en=category.name.en,
        place=category.place,
    )
    return shell.answer(view, headers={"ETag": shell.etag(version)})


@router.delete(
    "/v1/staff/categories/<category_id>",
    responses={204: {"description": "The category is gone"}},
)
def remove_category(category_id: CategoryInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Take an empty category away; that it is not there is fine."""
    access.staff(router, Role.MANAGER)
    version = table.retried(partial(_remove, category_id, if_match))
    return Response(HTTPStatus.NO_CONTENT, headers={"ETag": shell.etag(version)})


def _put(category: Category, if_match: str | None) -> int:
    tree = store.find()
    shell.require_match(if_match, tree.version)
    if tree.categories.get(category.id) == category:
        return tree.version
    changed = tree.with_(category)
    store.put(changed, category)
    return changed.version


def _remove(category_id: str, if_match: str | None) -> int:
    tree = store.find()
    shell.require_match(if_match, tree.version)
    if category_id not in tree.categories:
        return tree.version
    if store.holds_products(category_id):
        raise CategoryInUse
    changed = tree.without(category_id)
    store.delete(changed, category_id)
    return changed.version
