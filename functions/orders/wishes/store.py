"""Wish lists in DynamoDB.

pk             sk              what
CUSTOMER#<id>  WISH-LIST#<id>  a list with its wishes, whose version guards every change
CUSTOMER#<id>  WISH-LISTS      how many lists there are
SHARED#<list>  SHARED          whose list the link leads to, while it is shared
"""

from datetime import datetime
from http import HTTPStatus

from pydantic import BaseModel

from common import idempotency, table
from common.access import Caller
from common.conditions import Attr
from common.errors import NotFound
from orders.cart import rows as carts
from orders.cart import store as cart
from orders.cart.cart import Cart, Line
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.wishes.wish_list import MOST_LISTS, Priority, TooManyLists, Wish, WishList

COUNT = "WISH-LISTS"


def find_all(customer_id: str) -> list[WishList]:
    """The customer's lists, oldest first."""
    under = table.sort_key().begins_with("WISH-LIST#")
    return list(map(_parse, table.query_all(_pk(customer_id), under)))


def find(customer_id: str, list_id: str) -> WishList:
    """NotFound unless the customer has such a list."""
    return _existing(table.get(_pk(customer_id), _sk(list_id)))


def find_with(customer_id: str, list_id: str, sku: str) -> tuple[WishList, Product | None]:
    """A list and a product that is sold, in one round trip."""
    found, product = table.get_many(key(customer_id, list_id), catalogue.key(sku))
    return _existing(found), catalogue.sold(product)


def find_with_cart(
    customer_id: str, list_id: str, sku: str
) -> tuple[WishList, Product | None, Cart]:
    """A list, a product that is sold and the cart, in one round trip."""
    found, product, held = table.get_many(
        key(customer_id, list_id), catalogue.key(sku), cart.key(customer_id)
    )
    return _existing(found), catalogue.sold(product), carts.cart(held)


def find_shared(list_id: str) -> WishList | None:
    """The list, if it is shared."""
    row = table.get(f"SHARED#{list_id}", "SHARED")
    found = table.get(_pk(row["customer_id"]), _sk(list_id)) if row else None
    wishes = _parse(found) if found else None
    return wishes if wishes and wishes.shared else None


def add(call: idempotency.Attempt, view: BaseModel, customer_id: str, made: WishList) -> None:
    """Write a new list and the answer. Repeated for a repeated call, TooManyLists."""
    room = Attr("lists").not_exists() | Attr("lists").lt(MOST_LISTS)
    counted = table.update(_pk(customer_id), COUNT, add={"lists": 1}, condition=room)
    put = table.put(_item(customer_id, made))
    try:
        idempotency.commit(call, HTTPStatus.CREATED, view, put, counted)
    except table.ConditionFailed as full:
        raise TooManyLists(most_lists=MOST_LISTS) from full


def save(customer_id: str, after: WishList) -> None:
    """Write the list's next version. ConditionFailed unless it is the one after what stands."""
    table.apply(_saved(customer_id, after))


def share(customer_id: str, after: WishList) -> None:
    """Write the list's next version, and where its link leads. ConditionFailed like `save`."""
    row = {"pk": f"SHARED#{after.id}", "sk": "SHARED", "customer_id": customer_id}
    link = table.put(row, None) if after.shared else _unshared(after.id)
    table.commit(_saved(customer_id, after), link)


def remove(customer_id: str, list_id: str) -> bool:
    """Delete the list and its link; False when there is none."""
    gone = table.delete(_pk(customer_id), _sk(list_id))
    fewer = table.update(_pk(customer_id), COUNT, add={"lists": -1})
    try:
        table.commit(gone, fewer, _unshared(list_id))
    except table.ConditionFailed:
        return False
    return True


def move(
    call: idempotency.Attempt,
    view: BaseModel,
    caller: Caller,
    after: WishList,
    into: tuple[Cart, Line],
    at: datetime,
) -> None:
    """The wish goes from the list into the cart, and the answer is written with it.

    Repeated for a repeated call; ConditionFailed unless list and cart are as they were read.
    """
    lines = cart.putting(caller, *into, at)
    idempotency.commit(call, HTTPStatus.OK, view, _saved(caller.id, after), *lines)


def key(customer_id: str, list_id: str) -> tuple[str, str, str]:
    """Where a list lies, for a read together with other items."""
    return table.OWN, _pk(customer_id), _sk(list_id)


def _saved(customer_id: str, after: WishList) -> table.Write:
    return table.put(_item(customer_id, after), Attr("version").eq(after.version - 1))


def _unshared(list_id: str) -> table.Write:
    return table.delete(f"SHARED#{list_id}", "SHARED", condition=None)


def _existing(row: table.Item | None) -> WishList:
    if row is None:
        raise NotFound
    return _parse(row)


def _item(customer_id: str, wishes: WishList) -> table.Item:
    return {
        "pk": _pk(customer_id),
        "sk": _sk(wishes.id),
        "v": 1,
        "name": wishes.name,
        "wishes": [_wish(wish) for wish in wishes.wishes],
        "shared": wishes.shared,
        "shares": wishes.shares,
        "version": wishes.version,
    }


def _wish(wish: Wish) -> table.Item:
    return {
        "sku": wish.sku,
        "price_minor": wish.price_minor,
        "priority": wish.priority.value,
        "note": wish.note,
        "added_at": wish.added_at.isoformat(),
    }


def _parse(row: table.Item) -> WishList:
    return WishList(
        id=row["sk"].removeprefix("WISH-LIST#"),
        name=row["name"],
        wishes=tuple(map(_parsed, row["wishes"])),
        shared=row["shared"],
        shares=row["shares"],
        version=row["version"],
    )


def _parsed(row: table.Item) -> Wish:
    return Wish(
        sku=row["sku"],
        price_minor=row["price_minor"],
        priority=Priority(row["priority"]),
        note=row["note"],
        added_at=datetime.fromisoformat(row["added_at"]),
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"


def _sk(list_id: str) -> str:
    return f"WISH-LIST#{list_id}"
