"""What orders tells of its products, and to whoever watches them."""

from typing import Literal

from common.events import Currency, Event


class ProductChanged(Event):
    """A product came to be, or staff changed its words, price, stock or place in the catalogue."""

    name = "orders.product_changed.v1"

    sku: str
    category: str
    name_ru: str
    name_en: str
    price_minor: int
    currency: Currency
    kind: Literal["good", "service", "gift_card"] = "good"
    group: str | None = None
    in_stock: bool = True
    archived: bool = False


class PriceDropped(Event):
    """A product costs less than before."""

    name = "orders.price_dropped.v1"

    sku: str
    name_ru: str
    name_en: str
    old_minor: int
    new_minor: int
    currency: Currency


class BackInStock(Event):
    """A product that could not be bought can be again. `available` is null where it never ends."""

    name = "orders.back_in_stock.v1"

    sku: str
    name_ru: str
    name_en: str
    available: int | None


class WatchedPriceDropped(Event):
    """What a customer watches costs less than when they began: `old_minor` is the price then."""

    name = "orders.watched_price_dropped.v1"

    customer_id: str
    sku: str
    name_ru: str
    name_en: str
    old_minor: int
    new_minor: int
    currency: Currency


class WatchedBackInStock(Event):
    """What a customer waited for can be bought again."""

    name = "orders.watched_back_in_stock.v1"

    customer_id: str
    sku: str
    name_ru: str
    name_en: str


class WatchersLeft(Event):
    """More customers watch a product than one call can tell: those after `after` are left to hear
    the `news`, an event in JSON. orders itself goes on."""

    name = "orders.watchers_left.v1"

    kind: Literal["price-drop", "back-in-stock"]
    news: str
    after: str


class ComplementSuggested(Event):
    """A customer who lets the shop look at what they buy has had an order for a fortnight: with
    what was in it, others buy this."""

    name = "orders.complement_suggested.v1"

    customer_id: str
    order_id: str
    number: str
    sku: str
    name_ru: str
    name_en: str
