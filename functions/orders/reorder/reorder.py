"""What of an order can be bought once more, and why the rest cannot. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.language import Text
from orders.cart.cart import MESSAGES, MOST_LINES, Cart, Code, named
from orders.cart.cart import Line as CartLine
from orders.cart.merge import MOST_PIECES
from orders.catalogue.product import Product
from orders.order.parts import Line


class Reason(StrEnum):
    """Why a line is not in the cart as it was in the order."""

    GONE = "gone"
    EARLY_ACCESS = "early_access"
    OUT_OF_STOCK = "out_of_stock"
    ONLY_N_LEFT = "only_n_left"
    NO_ROOM = "no_room"
    PRICE_CHANGED = "price_changed"


WORDS = {
    Reason.GONE: Text(ru="Больше не продаётся.", en="No longer sold."),
    Reason.EARLY_ACCESS: MESSAGES[Code.EARLY_ACCESS],
    Reason.OUT_OF_STOCK: Text(ru="Сейчас нет в наличии.", en="Out of stock for now."),
    Reason.ONLY_N_LEFT: Text(
        ru="Добавили, сколько можно: всего есть {available}.",
        en="We added what we could: there are {available} in all.",
    ),
    Reason.NO_ROOM: Text(ru="В корзине больше нет места.", en="There is no more room in the cart."),
    Reason.PRICE_CHANGED: Text(
        ru="Цена изменилась с прошлого раза.", en="The price is another than last time."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is otherwise than it was, with the facts that belong to its reason."""

    reason: Reason
    available: int | None = None
    old_minor: int | None = None
    new_minor: int | None = None

    def words(self) -> Text:
        text = WORDS[self.reason]
        return Text(*(said.format(available=self.available) for said in (text.ru, text.en)))


@dataclass(frozen=True, slots=True)
class Again:
    """A line of the order: how many of it were added to the cart, and what is to be known."""

    line: Line
    added: int
    problems: tuple[Problem, ...]


def again(
    lines: Sequence[Line],
    cart: Cart,
    products: Mapping[str, Product],
    tiers: Collection[str],
    at: datetime,
) -> tuple[Cart, list[Again]]:
    """The cart with what somebody who has *tiers* can have of *lines*, and what became of each of
    them."""
    told = []
    for line in lines:
        one = _again(line, cart, products.get(line.sku), tiers)
        if one.added:
            cart = _with(cart, products[line.sku], one.added, at)
        told.append(one)
    return cart, told


def _again(line: Line, cart: Cart, product: Product | None, tiers: Collection[str]) -> Again:
    if product is None:
        return Again(line, 0, (Problem(Reason.GONE),))
    if not product.is_for(tiers):
        return Again(line, 0, (Problem(Reason.EARLY_ACCESS),))
    if product.available == 0:
        return Again(line, 0, (Problem(Reason.OUT_OF_STOCK),))
    if named(cart.lines, line.sku) is None and len(cart.lines) >= MOST_LINES:
        return Again(line, 0, (Problem(Reason.NO_ROOM),))
    there = MOST_PIECES if product.available is None else min(product.available, MOST_PIECES)
    added = min(line.quantity, max(0, there - _held(cart, line.sku)))
    problems = [Problem(Reason.ONLY_N_LEFT, available=there)] if added < line.quantity else []
    if product.price_minor != line.price_minor:
        prices = {"old_minor": line.price_minor, "new_minor": product.price_minor}
        problems.append(Problem(Reason.PRICE_CHANGED, **prices))
    return Again(line, added, tuple(problems))


def _with(cart: Cart, product: Product, added: int, at: datetime) -> Cart:
    line = cart.line_of(product, _held(cart, product.sku) + added, at)
    lines: dict[str, CartLine] = {x.sku: x for x in cart.lines} | {line.sku: line}
    saved = tuple(x for x in cart.saved if x.sku != line.sku)
    return replace(cart, lines=tuple(lines.values()), saved=saved)


def _held(cart: Cart, sku: str) -> int:
    line = named(cart.lines, sku)
    return line.quantity if line else 0
