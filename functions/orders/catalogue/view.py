"""How products are shown to customers."""

from datetime import date

from common import api as shell
from common.language import Language
from orders.catalogue import prices
from orders.catalogue.product import Attribute, Kind, Product, StockState


class PriceView(shell.View):
    """`lowest_30_days_minor` is the lowest price of the 30 days before this one came into force,
    null where this one is older than that: a reduction is announced beside it."""

    amount_minor: int
    currency: str
    lowest_30_days_minor: int | None


class StockView(shell.View):
    """`available` is absent (null) where stock never ends."""

    state: StockState
    available: int | None


class AttributeView(shell.View):
    code: str
    name: str
    value: str


class VariantView(shell.View):
    """Another product of the same group."""

    sku: str
    name: str
    attributes: list[AttributeView]
    price: PriceView
    stock: StockView


class ProductView(shell.View):
    """Products of one `group` are variants of one thing. `early_access_tier` may buy it before
    others."""

    sku: str
    category: str
    kind: Kind
    group: str | None
    name: str
    description: str
    attributes: list[AttributeView]
    pictures: list[str]
    price: PriceView
    stock: StockView
    early_access_tier: str | None


class ProductDetails(ProductView):
    """A product with the other variants of its group."""

    variants: list[VariantView]


class Shown:
    """Views of products in one language, at the prices of one day."""

    def __init__(self, language: Language, currency: str, day: date) -> None:
        self.language = language
        self.currency = currency
        self.day = day

    def product(self, product: Product) -> ProductView:
        return ProductView(**self._parts(product))

    def details(self, product: Product, variants: list[Product]) -> ProductDetails:
        others = [self._variant(other) for other in variants if other.sku != product.sku]
        return ProductDetails(**self._parts(product), variants=others)

    def price(self, product: Product) -> PriceView:
        lowest = prices.lowest(product.past_prices, self.day)
        return PriceView(
            amount_minor=product.price_minor, currency=self.currency, lowest_30_days_minor=lowest
        )

    def attribute(self, attribute: Attribute) -> AttributeView:
        name, value = attribute.name[self.language], attribute.value[self.language]
        return AttributeView(code=attribute.code, name=name, value=value)

    def _variant(self, product: Product) -> VariantView:
        return VariantView(
            sku=product.sku,
            name=product.name[self.language],
            attributes=list(map(self.attribute, product.attributes)),
            price=self.price(product),
            stock=stock(product),
        )

    def _parts(self, product: Product) -> dict[str, object]:
        return {
            "sku": product.sku,
            "category": product.category,
            "kind": product.kind,
            "group": product.group,
            "name": product.name[self.language],
            "description": product.description[self.language],
            "attributes": list(map(self.attribute, product.attributes)),
            "pictures": list(product.pictures),
            "price": self.price(product),
            "stock": stock(product),
            "early_access_tier": product.early_access_tier,
        }


def stock(product: Product) -> StockView:
    return StockView(state=product.stock_state, available=product.available)
