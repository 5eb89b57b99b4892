"""HTTP routes by which staff keep the catalogue; a function of its own."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, clock, cursors, idempotency, ids, table
from common import api as shell
from common.access import Role
from common.errors import Busy, Invalid, NotFound, Refusal
from common.events import Currency, Event
from common.language import Text
from orders.catalogue import facts, picture_store, pictures, store
from orders.catalogue.categories.app import router as categories
from orders.catalogue.editing import view
from orders.catalogue.editing.body import ChangeBody, HostsBody, ImportBody, ProductBody
from orders.catalogue.editing.view import HostsView, ImportView, StaffProductPage, StaffProductView
from orders.catalogue.fields import CATEGORY, SkuInPath
from orders.catalogue.imports.app import router as imports
from orders.catalogue.product import Product
from orders.catalogue.stock.app import router as stock

api = shell.create()
for router in (stock, categories, imports):
    api.include_router(router)


class SkuTaken(Refusal):
    code = "sku_taken"
    title = Text(ru="Такой артикул уже есть.", en="There is such a SKU already.")


@api.get("/v1/staff/products")
def list_all_products(
    category: Annotated[str | None, Query(pattern=CATEGORY)] = None,
    archived: bool = False,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> StaffProductPage:
    """List what is sold, or what is archived, as staff see it."""
    caller = access.staff(api, Role.MANAGER)
    listing = store.ARCHIVED if archived else store.LISTED
    sealed = f"products:{listing}:{category or ''}"
    start = cursors.unseal(caller.id, sealed, cursor)
    page = store.page(category, limit, start, listing)
    items = [view.shown(store.parse(item), os.environ["CURRENCY"]) for item in page.items]
    return StaffProductPage(items=items, next_cursor=cursors.seal(caller.id, sealed, page.last))


@api.post("/v1/staff/products", responses=shell.shown(StaffProductView, HTTPStatus.CREATED))
def create_product(request: ProductBody, key: idempotency.Key) -> Response[Any]:
    """Put a new product into the catalogue; `available` opens its stock."""
    caller = access.staff(api, Role.MANAGER)
    call = idempotency.attempt(f"STAFF#{caller.id}", "products", key, request)
    product = _dated(request.product(_addresses(request.pictures, "body.pictures")))
    return idempotency.once(call, shell.language(api), partial(_create, call, product))


@api.get("/v1/staff/products/<sku>", responses=shell.shown(StaffProductView))
def show_staff_product(sku: SkuInPath) -> Response[Any]:
    """Show a product as staff see it, archived or not."""
    access.staff(api, Role.MANAGER)
    if product := store.find(sku):
        return _answer(product)
    raise NotFound


@api.patch("/v1/staff/products/<sku>", responses=shell.shown(StaffProductView))
def change_product(
    sku: SkuInPath, request: ChangeBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Change what is named of a product; archive it, or sell it again."""
    access.staff(api, Role.MANAGER)
    addresses = _addresses(request.pictures, "body.pictures")
    return _answer(table.retried(partial(_change, sku, request, addresses, if_match)))


@api.post("/v1/staff/products/imports", responses=shell.shown(ImportView))
def import_products(request: ImportBody, key: idempotency.Key) -> Response[Any]:
    """Create products, or replace their words and prices.

    `available` opens the stock of a product that is new; that of a known one stays as it is.
    """
    caller = access.staff(api, Role.MANAGER)
    call = idempotency.attempt(f"STAFF#{caller.id}", "products/imports", key, request)
    wanted = [
        _dated(body.product(_addresses(body.pictures, f"body.products.{n}.pictures")))
        for n, body in enumerate(request.products)
    ]
    return idempotency.once(call, shell.language(api), partial(_import, call, wanted))


@api.get("/v1/staff/picture-hosts")
def show_picture_hosts() -> HostsView:
    """Show from which hosts products may show pictures."""
    access.staff(api, Role.MANAGER)
    return HostsView(hosts=picture_store.hosts())


@api.put("/v1/staff/picture-hosts")
def put_picture_hosts(request: HostsBody) -> HostsView:
    """Say from which hosts products may show pictures; a picture without a host is on the first."""
    access.staff(api, Role.MANAGER)
    picture_store.allow(request.hosts)
    return HostsView(hosts=request.hosts)


def _create(call: idempotency.Attempt, product: Product) -> tuple[HTTPStatus, StaffProductView]:
    shown = view.shown(product, os.environ["CURRENCY"])
    writes = store.saved(product, _told(None, product))
    try:
        idempotency.commit(call, HTTPStatus.CREATED, shown, *writes)
    except table.ConditionFailed as taken:
        raise SkuTaken(sku=product.sku) from taken
    return HTTPStatus.CREATED, shown


def _change(
    sku: str, request: ChangeBody, addresses: tuple[str, ...], if_match: str | None
) -> Product:
    known = store.find(sku)
    if known is None:
        raise NotFound
    shell.require_match(if_match, known.version)
    wanted = replace(known, **request.changes(known, addresses))
    product = known.renewed(wanted, clock.today())
    if product is not known:
        table.commit(*store.saved(product, _told(known, product)))
    return product


def _import(call: idempotency.Attempt, wanted: list[Product]) -> tuple[HTTPStatus, ImportView]:
    known, day = store.find_all(product.sku for product in wanted), clock.today()
    result = [known[p.sku].reimported(p, day) if p.sku in known else p for p in wanted]
    changed = [p for p in result if p != known.get(p.sku)]
    shown = ImportView(
        created=[p.sku for p in changed if p.sku not in known],
        updated=[p.sku for p in changed if p.sku in known],
        unchanged=[p.sku for p in result if p not in changed],
    )
    writes = [w for p in changed for w in store.saved(p, _told(known.get(p.sku), p))]
    try:
        idempotency.commit(call, HTTPStatus.OK, shown, *writes)
    except table.ConditionFailed as overtaken:
        raise Busy from overtaken
    return HTTPStatus.OK, shown


def _dated(product: Product) -> Product:
    return replace(product, created_at=int(clock.now().timestamp()))


def _told(old: Product | None, new: Product) -> Sequence[Event]:
    now = clock.now()
    return facts.told(old, new, ids.new(now), cast(Currency, os.environ["CURRENCY"]), now)


def _addresses(given: Sequence[str], place: str) -> tuple[str, ...]:
    """Where the pictures lie. Invalid for one from a host that the shop did not name."""
    hosts = picture_store.hosts() if given else []
    found = [pictures.address(picture, hosts) for picture in given]
    wrong = [n for n, address in enumerate(found) if address is None]
    if wrong:
        raise Invalid(errors=[{"field": f"{place}.{n}", "code": "picture_place"} for n in wrong])
    return tuple(address for address in found if address)


def _answer(product: Product) -> Response[Any]:
    shown = view.shown(product, os.environ["CURRENCY"])
    return shell.answer(shown, headers={"ETag": shell.etag(product.version)})


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
