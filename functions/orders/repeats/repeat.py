"""A repeat delivery, and what of it can be ordered today. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from common.errors import Refusal
from common.language import Text
from orders.cart.cart import Cart, fresh_line
from orders.catalogue.product import Product
from orders.order.bill import Method

MOST_REPEATS = 20
MOST_ITEMS = 20
LONGEST_RHYTHM = 26
FURTHEST = timedelta(days=366)
TOLD_BEFORE = timedelta(days=3)
# When the shop tells and orders, by its own clock.
HOUR = time(10)


class TooManyRepeats(Refusal):
    """The customer has as many repeat deliveries as can be."""

    code = "too_many_repeats"
    title = Text(
        ru="Повторяющихся доставок уже 20 — сначала отмените одну.",
        en="There are 20 repeat deliveries: end one first.",
    )


class NoCard(Refusal):
    """A repeat delivery is paid without anybody at the screen: by a card that is kept."""

    code = "no_saved_card"
    title = Text(
        ru="Сохранённой карты нет. Сохраните карту при оплате заказа или выберите другой способ.",
        en="There is no saved card. Save one when you pay for an order, or choose another way.",
    )


class NotNext(Refusal):
    """Only the next delivery can be left out; `next_on` is its day."""

    code = "not_next_delivery"
    title = Text(
        ru="Пропустить можно только ближайшую доставку.",
        en="Only the next delivery can be left out.",
    )


class NotRepeated(Refusal):
    """A gift card is given when there is a reason to, not every so many weeks."""

    code = "not_repeated"
    title = Text(
        ru="Подарочные карты по расписанию не повторяются: закажите их отдельно.",
        en="Gift cards do not come by a schedule: order them on their own.",
    )


class Reason(StrEnum):
    """Why a product is left out of a delivery."""

    GONE = "gone"
    EARLY_ACCESS = "early_access"
    OUT_OF_STOCK = "out_of_stock"
    DEARER = "dearer"


class Hindrance(StrEnum):
    """Why there is no delivery at all."""

    NOTHING_LEFT = "nothing_left"
    NO_ADDRESS = "no_address"
    NO_WAY = "no_way"
    NO_CARD = "no_card"
    LOW_BALANCE = "low_balance"


@dataclass(frozen=True, slots=True)
class Item:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Missing:
    """An item that is left out, by the name that the customer knows."""

    name: Text
    reason: Reason


@dataclass(frozen=True, slots=True)
class Repeat:
    """*items* every *every_weeks*, the next time on *next_on*, to an entry of the address book.

    *names* are the products' as the customer saw them, and *prices* too: nobody pays more unseen.
    *paused_for* is the wish to be erased that paused it: once, whatever its customer does then.
    """

    id: str
    customer_id: str
    items: tuple[Item, ...]
    every_weeks: int
    next_on: date
    address_id: str
    payment: Method
    names: Mapping[str, Text]
    prices: Mapping[str, int]
    paused: bool = False
    paused_for: str | None = None
    version: int = 1

    def shown(self, products: Mapping[str, Product]) -> "Repeat":
        """This delivery once its customer has seen what *products* cost now."""
        seen = [products[item.sku] for item in self.items if item.sku in products]
        names = {**self.names, **{product.sku: product.name for product in seen}}
        prices = {**self.prices, **{product.sku: product.price_minor for product in seen}}
        own = {item.sku for item in self.items}
        return replace(
            self,
            names={sku: name for sku, name in names.items() if sku in own},
            prices={sku: price for sku, price in prices.items() if sku in own},
        )

    def changed(self, today: date, **members: Any) -> "Repeat":
        """This delivery with other *members*; itself where none is another. One that was paused
        goes on where its rhythm is by now, unless a day is among them."""
        after = replace(self, **members)
        if after == self:
            return self
        day = members.get("next_on", after.not_before(today))
        return replace(after, next_on=day, version=self.version + 1)

    def without(self, day: date, today: date) -> "Repeat":
        """Without the delivery of *day*; itself where that is behind. Raise NotNext."""
        if day > self.next_on:
            raise NotNext(next_on=self.next_on.isoformat())
        return self.skipped(today) if day == self.next_on else self

    def skipped(self, today: date) -> "Repeat":
        """This delivery without its next time."""
        day = max(self.next_on, today) + timedelta(days=1)
        return replace(self, next_on=self.not_before(day), version=self.version + 1)

    def not_before(self, day: date) -> date:
        """The first of its days that is *day* or later."""
        rhythm = timedelta(weeks=self.every_weeks)
        behind = max(day - self.next_on, timedelta())
        return self.next_on + rhythm * -(-behind // rhythm)

    def told_at(self, zone: tzinfo) -> datetime:
        """When its customer hears of the next delivery."""
        return datetime.combine(self.next_on - TOLD_BEFORE, HOUR, zone)

    def ordered_at(self, zone: tzinfo) -> datetime:
        return datetime.combine(self.next_on, HOUR, zone)

    def draft(
        self, products: Mapping[str, Product], at: datetime, *, at_any_price: bool = False
    ) -> tuple[Cart, Sequence[Missing]]:
        """A cart of what can be had now, and what is left out: nothing that costs more than its
        customer knows, unless *at_any_price*."""
        known = {} if at_any_price else self.prices
        lines, missing = [], []
        for item in self.items:
            product = products.get(item.sku)
            if product is None:
                missing.append(Missing(self.names[item.sku], Reason.GONE))
            elif why := _why(product, item, known):
                missing.append(Missing(self.names[item.sku], why))
            else:
                lines.append(fresh_line(product, item.quantity, at))
        return Cart(self.id, 0, tuple(lines), at, armed=False), missing


def _why(product: Product, item: Item, known: Mapping[str, int]) -> Reason | None:
    if not product.is_for(()):
        return Reason.EARLY_ACCESS
    if not product.covers(item.quantity):
        return Reason.OUT_OF_STOCK
    return Reason.DEARER if product.price_minor > known.get(item.sku, product.price_minor) else None
