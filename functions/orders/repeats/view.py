"""Repeat deliveries as their customers see them."""

from collections.abc import Mapping
from datetime import date

from common import api as shell
from common.language import Language
from orders.catalogue.product import Product
from orders.repeats.repeat import Item, Repeat


class ItemView(shell.View):
    """`price_minor` is today's price, null for what is no longer sold; `available` says whether so
    much is there."""

    sku: str
    name: str
    quantity: int
    price_minor: int | None
    available: bool


class RepeatBrief(shell.View):
    """`next_on` means nothing while the delivery is `paused`."""

    id: str
    every_weeks: int
    next_on: date
    paused: bool
    names: list[str]


class RepeatList(shell.View):
    items: list[RepeatBrief]


class RepeatView(shell.View):
    """What comes, how often, and when next. `goods_minor` is what the goods would cost today,
    without delivery; `payment` is taken without anybody at the screen."""

    id: str
    items: list[ItemView]
    every_weeks: int
    next_on: date
    address_id: str
    payment: str
    paused: bool
    goods_minor: int
    currency: str


def brief(repeat: Repeat, language: Language) -> RepeatBrief:
    return RepeatBrief(
        id=repeat.id,
        every_weeks=repeat.every_weeks,
        next_on=repeat.next_on,
        paused=repeat.paused,
        names=[repeat.names[item.sku][language] for item in repeat.items],
    )


def whole(
    repeat: Repeat, products: Mapping[str, Product], language: Language, currency: str
) -> RepeatView:
    items = [_item(repeat, item, products.get(item.sku), language) for item in repeat.items]
    return RepeatView(
        id=repeat.id,
        items=items,
        every_weeks=repeat.every_weeks,
        next_on=repeat.next_on,
        address_id=repeat.address_id,
        payment=repeat.payment,
        paused=repeat.paused,
        goods_minor=sum(one.quantity * (one.price_minor or 0) for one in items),
        currency=currency,
    )


def _item(repeat: Repeat, item: Item, product: Product | None, language: Language) -> ItemView:
    return ItemView(
        sku=item.sku,
        name=repeat.names[item.sku][language],
        quantity=item.quantity,
        price_minor=product.price_minor if product else None,
        available=product is not None and product.is_for(()) and product.covers(item.quantity),
    )
