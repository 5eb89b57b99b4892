"""How products are shown to staff."""

from common import api as shell
from orders.catalogue.product import Attribute, Kind, Product
from orders.catalogue.view import StockView, stock


class StaffAttributeView(shell.View):
    code: str
    name_ru: str
    name_en: str
    value_ru: str
    value_en: str


class StaffProductView(shell.View):
    """A product in both languages. `version` counts what staff changed."""

    sku: str
    version: int
    category: str
    kind: Kind
    group: str | None
    name_ru: str
    name_en: str
    description_ru: str
    description_en: str
    attributes: list[StaffAttributeView]
    pictures: list[str]
    price_minor: int
    currency: str
    stock: StockView
    early_access_tier: str | None
    archived: bool


class StaffProductPage(shell.View):
    items: list[StaffProductView]
    next_cursor: str | None


class HostsView(shell.View):
    hosts: list[str]


class ImportView(shell.View):
    """The SKUs of the import, by what happened to them."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]


def shown(product: Product, currency: str) -> StaffProductView:
    return StaffProductView(
        sku=product.sku,
        version=product.version,
        category=product.category,
        kind=product.kind,
        group=product.group,
        name_ru=product.name.ru,
        name_en=product.name.en,
        description_ru=product.description.ru,
        description_en=product.description.en,
        attributes=list(map(_attribute, product.attributes)),
        pictures=list(product.pictures),
        price_minor=product.price_minor,
        currency=currency,
        stock=stock(product),
        early_access_tier=product.early_access_tier,
        archived=product.archived,
    )


def _attribute(attribute: Attribute) -> StaffAttributeView:
    return StaffAttributeView(
        code=attribute.code,
        name_ru=attribute.name.ru,
        name_en=attribute.name.en,
        value_ru=attribute.value.ru,
        value_en=attribute.value.en,
    )
