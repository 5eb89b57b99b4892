"""The cart: lines at the prices their buyer saw, and what became of them since. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from common import pricing
from common.errors import Problem, Refusal
from common.language import Text
from orders.catalogue.product import Kind, Product
from orders.gift import Gift

MOST_LINES = 60
# Together with the lines and a coupon, as much as one read brings.
MOST_SAVED = 35
ABANDONED_AFTER = timedelta(hours=2)


class CartFull(Problem):
    """The cart holds as many different products as one order can."""

    status = 422
    code = "cart_full"
    title = Text(
        ru="В корзине уже 60 позиций — больше в один заказ не поместится.",
        en="There are 60 products in the cart: one order cannot hold more.",
    )


class CartEmpty(Refusal):
    code = "cart_empty"
    title = Text(ru="Корзина пуста.", en="The cart is empty.")


class SavedFull(Problem):
    """As much is saved for later as can be."""

    status = 422
    code = "saved_full"
    title = Text(
        ru="Отложено уже 35 товаров — сначала уберите что-нибудь.",
        en="There are 35 products saved for later: remove one first.",
    )


class UnknownProduct(Problem):
    status = 404
    code = "unknown_product"
    title = Text(ru="Такого товара нет.", en="There is no such product.")


class Code(StrEnum):
    """What can be wrong with a line, worst first."""

    UNAVAILABLE = "unavailable"
    EARLY_ACCESS = "early_access"
    OUT_OF_STOCK = "out_of_stock"
    ONLY_N_LEFT = "only_n_left"
    PRICE_CHANGED = "price_changed"


MESSAGES = {
    Code.UNAVAILABLE: Text(ru="Больше не продаётся.", en="No longer sold."),
    Code.EARLY_ACCESS: Text(
        ru="Пока только для тех, у кого уровень выше.", en="For higher tiers only, for now."
    ),
    Code.OUT_OF_STOCK: Text(ru="Нет в наличии.", en="Out of stock."),
    Code.ONLY_N_LEFT: Text(ru="Осталось всего {available}.", en="Only {available} left."),
    Code.PRICE_CHANGED: Text(ru="Цена изменилась.", en="The price has changed."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a line, with the facts that belong to its code."""

    code: Code
    available: int | None = None
    old_minor: int | None = None
    new_minor: int | None = None

    def message(self) -> Text:
        text = MESSAGES[self.code]
        return Text(*(words.format(available=self.available) for words in (text.ru, text.en)))


@dataclass(frozen=True, slots=True)
class Line:
    """*price_minor* is what the customer saw; *shipped* is false for services; a piece weighs
    *grams*. A gift card is *money*."""

    sku: str
    quantity: int
    price_minor: int
    name: Text
    shipped: bool
    added_at: datetime
    grams: int = 0
    money: bool = False

    def priced(self, price_minor: int | None = None) -> pricing.Line:
        """What pricing needs, at *price_minor* if that is another price."""
        price = self.price_minor if price_minor is None else price_minor
        return pricing.Line(self.sku, self.quantity, price, self.shipped, self.money)

    def troubles(self, product: Product | None, tiers: Collection[str]) -> list[Trouble]:
        """What stands between this line and its purchase by somebody who has *tiers*, given
        *product* as it is now."""
        if product is None:
            return [Trouble(Code.UNAVAILABLE)]
        found = [] if product.is_for(tiers) else [Trouble(Code.EARLY_ACCESS)]
        if not product.covers(self.quantity):
            code = Code.ONLY_N_LEFT if product.available else Code.OUT_OF_STOCK
            found.append(Trouble(code, available=product.available))
        if product.price_minor != self.price_minor:
            old, new = self.price_minor, product.price_minor
            found.append(Trouble(Code.PRICE_CHANGED, old_minor=old, new_minor=new))
        return found


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines in the order they were added. *armed* says that a timer watches the cart.

    Version 0 is a cart that has never been written. What is *saved* for later is not bought.
    *coupon* is a code.
    """

    id: str
    version: int
    lines: tuple[Line, ...]
    updated_at: datetime
    armed: bool
    saved: tuple[Line, ...] = ()
    gift: Gift | None = None
    coupon: str | None = None

    def line_of(self, product: Product, quantity: int, at: datetime) -> Line:
        """The line that puts *quantity* of *product* into this cart. Raise CartFull."""
        earlier = named(self.lines, product.sku)
        if earlier is None and len(self.lines) >= MOST_LINES:
            raise CartFull(most_lines=MOST_LINES)
        return fresh_line(product, quantity, earlier.added_at if earlier else at)

    @property
    def is_shipped(self) -> bool:
        """Whether anything in it goes somewhere."""
        return any(line.shipped for line in self.lines)

    @property
    def is_gift_cards(self) -> bool:
        """Whether there is nothing else in it."""
        return all(line.money for line in self.lines)

    @property
    def grams(self) -> int:
        """What the goods in the cart weigh."""
        return sum(line.quantity * line.grams for line in self.lines if line.shipped)

    def saving(self, sku: str) -> Line | None:
        """The line that is to be saved for later, None where it is saved already. Raise
        UnknownProduct when it is in neither place, SavedFull."""
        line, saved = named(self.lines, sku), named(self.saved, sku)
        if line is None and saved is None:
            raise UnknownProduct
        if line and saved is None and len(self.saved) >= MOST_SAVED:
            raise SavedFull(most_saved=MOST_SAVED)
        return line

    def at_prices(self, prices: Mapping[str, int]) -> "Cart":
        """This cart with the lines named in *prices* at those prices."""
        lines = (replace(x, price_minor=prices.get(x.sku, x.price_minor)) for x in self.lines)
        return replace(self, lines=tuple(lines))

    def priced(self) -> list[pricing.Line]:
        return [line.priced() for line in self.lines]


def fresh_line(product: Product, quantity: int, added_at: datetime) -> Line:
    """So many of *product*, at its price of this moment."""
    return Line(
        product.sku,
        quantity,
        product.price_minor,
        product.name,
        product.kind is Kind.GOOD,
        added_at,
        product.weight_grams,
        product.kind is Kind.GIFT_CARD,
    )


def named(lines: Sequence[Line], sku: str) -> Line | None:
    """The one of *lines* that is of this product."""
    return next((line for line in lines if line.sku == sku), None)
