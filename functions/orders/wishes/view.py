"""How wish lists are shown, to their owners and to whoever has a link."""

from collections.abc import Mapping

from pydantic import AwareDatetime

from common import api as shell
from orders.catalogue.product import Product
from orders.catalogue.view import ProductView, Shown
from orders.wishes.wish_list import Priority, Wish, WishList


class WishView(shell.View):
    """`price_then_minor` is what the product cost when it was wished for; `product` is how it is
    now, null once it is sold no longer."""

    sku: str
    priority: Priority
    note: str | None
    added_at: AwareDatetime
    price_then_minor: int
    product: ProductView | None


class WishListBrief(shell.View):
    id: str
    name: str
    wishes: int
    shared: bool


class WishListIndex(shell.View):
    items: list[WishListBrief]


class WishListView(WishListBrief):
    """`link` is null unless the list is shared."""

    link: str | None
    items: list[WishView]


class SharedListView(shell.View):
    """What whoever has the link sees: nothing tells whose list it is."""

    name: str
    items: list[WishView]


class MovedView(shell.View):
    """What is in the cart now."""

    sku: str
    quantity: int


def brief(wishes: WishList) -> WishListBrief:
    return WishListBrief(
        id=wishes.id, name=wishes.name, wishes=len(wishes.wishes), shared=wishes.shared
    )


def whole(
    wishes: WishList, link: str | None, products: Mapping[str, Product], shown: Shown
) -> WishListView:
    items = list_items(wishes, products, shown)
    return WishListView(**brief(wishes).model_dump(), link=link, items=items)


def list_items(wishes: WishList, products: Mapping[str, Product], shown: Shown) -> list[WishView]:
    return [_wish(wish, products.get(wish.sku), shown) for wish in wishes.wishes]


def _wish(wish: Wish, product: Product | None, shown: Shown) -> WishView:
    return WishView(
        sku=wish.sku,
        priority=wish.priority,
        note=wish.note,
        added_at=wish.added_at,
        price_then_minor=wish.price_minor,
        product=shown.product(product) if product else None,
    )
