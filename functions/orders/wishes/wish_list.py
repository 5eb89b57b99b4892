"""Wish lists. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.errors import Problem, Refusal
from common.language import Text
from orders.catalogue.product import Product

MOST_LISTS = 10
# As many products as one read brings.
MOST_WISHES = 100


class TooManyLists(Refusal):
    code = "too_many_wish_lists"
    title = Text(
        ru="Списков уже 10 — сначала удалите лишний.",
        en="There are 10 wish lists: delete one first.",
    )


class ListFull(Problem):
    status = 422
    code = "wish_list_full"
    title = Text(
        ru="В списке уже 100 товаров — начните новый список.",
        en="There are 100 products in the list: begin a new one.",
    )


class NotWished(Refusal):
    status = 404
    code = "not_wished"
    title = Text(ru="Такого товара в списке нет.", en="That product is not in the list.")


class Priority(StrEnum):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Wish:
    """A product somebody wishes for; *price_minor* is what it cost when they began to."""

    sku: str
    price_minor: int
    priority: Priority
    note: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class WishList:
    """Wishes, oldest first. Whoever has the link sees the list while it is *shared*; each time it
    is shared anew, *shares* grows and older links lead nowhere."""

    id: str
    name: str
    wishes: tuple[Wish, ...] = ()
    shared: bool = False
    shares: int = 0
    version: int = 1

    def named(self, sku: str) -> Wish | None:
        return next((wish for wish in self.wishes if wish.sku == sku), None)

    def wishing(
        self, product: Product, priority: Priority, note: str | None, at: datetime
    ) -> "WishList":
        """The list with *product* in it, which keeps its place if it was there. ListFull."""
        known = self.named(product.sku)
        if known:
            wish = replace(known, priority=priority, note=note)
            return self._with(tuple(wish if w.sku == wish.sku else w for w in self.wishes))
        if len(self.wishes) >= MOST_WISHES:
            raise ListFull(most_wishes=MOST_WISHES)
        wish = Wish(product.sku, product.price_minor, priority, note, at)
        return self._with((*self.wishes, wish))

    def without(self, sku: str) -> "WishList":
        """The list without *sku*. NotWished when it is not there."""
        if self.named(sku) is None:
            raise NotWished
        return self._with(tuple(wish for wish in self.wishes if wish.sku != sku))

    def renamed(self, name: str) -> "WishList":
        return replace(self, name=name, version=self.version + 1)

    def shown_to_others(self, *, shared: bool) -> "WishList":
        """The list as it is shared, or not any longer; itself where that is so already."""
        if shared is self.shared:
            return self
        shares = self.shares + shared
        return replace(self, shared=shared, shares=shares, version=self.version + 1)

    def _with(self, wishes: tuple[Wish, ...]) -> "WishList":
        return replace(self, wishes=wishes, version=self.version + 1)
