"""HTTP routes of the catalogue: public reads, and the staff's import."""

import os
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from common import access, clock, cursors, fields, idempotency, ids
from common import api as shell
from common.access import Role
from common.errors import NotFound
from common.events.orders import ProductChanged
from common.fields import Line, Minor, Prose
from common.language import Language, Text
from orders.catalogue import store
from orders.catalogue.product import USUAL_GRAMS, Kind, Product, StockState

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

SKU = r"^[A-Z0-9-]{3,40}$"
CATEGORY = r"^[a-z0-9-]{2,40}$"
# Sixty lines with names of this length in two languages still fit into one event.
LONGEST_NAME = 100
MOST_PRODUCTS = 25

fields.REASONS["stock_by_kind"] = Text(
    ru="У товара указывают остаток, у услуги — нет.", en="A good has stock, a service has none."
)
fields.REASONS["sku_repeated"] = Text(ru="Один артикул указан дважды.", en="One SKU comes twice.")

SkuInPath = Annotated[str, Path(pattern=SKU)]
Category = Annotated[str, StringConstraints(pattern=CATEGORY)]
Name = Annotated[Line, Field(max_length=LONGEST_NAME)]
Grams = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Stock = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class Money(shell.View):
    amount_minor: int
    currency: str


class StockView(shell.View):
    """`available` is absent (null) where stock never ends."""

    state: StockState
    available: int | None


class ProductView(shell.View):
    sku: str
    category: str
    kind: Kind
    name: str
    description: str
    price: Money
    stock: StockView


class ProductPage(shell.View):
    items: list[ProductView]
    next_cursor: str | None


class ProductBody(shell.Body):
    """`available` is the opening stock: given for a good, never for a service. `weight_grams` is
    that of a piece with its box."""

    sku: Annotated[str, StringConstraints(pattern=SKU)]
    category: Category
    kind: Kind = Kind.GOOD
    name_ru: Name
    name_en: Name
    description_ru: Prose
    description_en: Prose
    price_minor: Minor
    available: Stock | None = None
    weight_grams: Grams = USUAL_GRAMS

    @model_validator(mode="after")
    def _has_stock_when_a_good(self) -> Self:
        if (self.kind is Kind.GOOD) is (self.available is None):
            raise PydanticCustomError("stock_by_kind", "a good has stock, a service has none")
        return self

    def product(self) -> Product:
        return Product(
            sku=self.sku,
            category=self.category,
            kind=self.kind,
            name=Text(self.name_ru, self.name_en),
            description=Text(self.description_ru, self.description_en),
            price_minor=self.price_minor,
            available=self.available,
            weight_grams=self.weight_grams,
        )


class ImportBody(shell.Body):
    products: Annotated[list[ProductBody], Field(min_length=1, max_length=MOST_PRODUCTS)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({product.sku for product in self.products}) < len(self.products):
            raise PydanticCustomError("sku_repeated", "a SKU comes twice")
        return self


class ImportView(shell.View):
    """The SKUs of the import, by what happened to them."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]


@router.get("/v1/products")
def list_products(
    category: Annotated[str | None, Query(pattern=CATEGORY)] = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> ProductPage:
    """List the catalogue, or one category of it."""
    listing = f"products:{category or ''}"
    page = store.page(category, limit, cursors.unseal("public", listing, cursor))
    items = [_view(store.parse(item), shell.language(router)) for item in page.items]
    return ProductPage(items=items, next_cursor=cursors.seal("public", listing, page.last))


@router.get("/v1/products/<sku>")
def show_product(sku: SkuInPath) -> ProductView:
    """Show one product with its price and stock."""
    if product := store.find(sku):
        return _view(product, shell.language(router))
    raise NotFound


@router.post("/v1/staff/products/imports", responses=shell.shown(ImportView))
def import_products(request: ImportBody, key: idempotency.Key) -> Response[Any]:
    """Create products, or replace their words and prices.

    `available` opens the stock of a product that is new; that of a known one stays as it is.
    """
    caller = access.staff(router, Role.MANAGER)
    call = idempotency.attempt(f"STAFF#{caller.id}", "products/imports", key, request)
    wanted = [body.product() for body in request.products]
    return idempotency.once(call, shell.language(router), partial(_import, call, wanted))


def _import(call: idempotency.Attempt, wanted: list[Product]) -> tuple[HTTPStatus, ImportView]:
    known = store.find_many(product.sku for product in wanted)
    result = [known[p.sku].renewed(p) if p.sku in known else p for p in wanted]
    changed = [p for p in result if p != known.get(p.sku)]
    view = ImportView(
        created=[p.sku for p in changed if p.sku not in known],
        updated=[p.sku for p in changed if p.sku in known],
        unchanged=[p.sku for p in result if p not in changed],
    )
    now = clock.now()
    store.save(call, view, [(product, _changed(product, now)) for product in changed])
    return HTTPStatus.OK, view


def _changed(product: Product, now: datetime) -> ProductChanged:
    return ProductChanged(
        id=ids.new(now),
        occurred_at=now,
        subject_version=product.version,
        sku=product.sku,
        category=product.category,
        name_ru=product.name.ru,
        name_en=product.name.en,
        price_minor=product.price_minor,
        currency=os.environ["CURRENCY"],
    )


def _view(product: Product, language: Language) -> ProductView:
    return ProductView(
        sku=product.sku,
        category=product.category,
        kind=product.kind,
        name=product.name[language],
        description=product.description[language],
        price=Money(amount_minor=product.price_minor, currency=os.environ["CURRENCY"]),
        stock=StockView(state=product.stock_state, available=product.available),
    )
