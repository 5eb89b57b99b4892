"""The cart in DynamoDB: one row, whose version guards every change.

pk             sk    what
CUSTOMER#<id>  CART  cart_id, version, lines {sku: line}, saved {sku: line}, gift, coupon,
                     updated_at, armed

A guest's lies under the guest's id, until the guest's token ends. A customer's cart that holds
something is watched by a timer; changes do not touch it, for it looks at the cart when it fires.
Checkout empties the row and gives it a new cart_id, so that the timer of the old cart finds
nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from common import guests, idempotency, ids, table, timers
from common.access import Caller
from common.conditions import Attr, Condition, as_read
from common.expressions import Path
from orders.cart import rows
from orders.cart.cart import ABANDONED_AFTER, Cart, Line
from orders.cart.merge import Merged
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.coupons import store as coupons
from orders.coupons.coupon import Held
from orders.gift import Gift
from orders.standing import store as standing
from orders.standing.standing import Standing

ABANDONED = "cart_abandoned"


def key(customer_id: str) -> tuple[str, str, str]:
    """Where the cart lies, for a read together with other items."""
    return table.OWN, _pk(customer_id), rows.SK


def find(customer_id: str) -> Cart:
    return rows.cart(table.get(_pk(customer_id), rows.SK))


def find_with_standing(customer_id: str) -> tuple[Cart, Standing]:
    """The cart, and its customer's standing, in one round trip."""
    cart, tier = table.get_many(key(customer_id), standing.key(customer_id))
    return rows.cart(cart), standing.parse(tier)


def find_both(customer_id: str, guest_id: str) -> tuple[Cart, Cart]:
    """A customer's cart and a guest's, in one round trip."""
    own, guest = table.get_many(key(customer_id), key(guest_id))
    return rows.cart(own), rows.cart(guest)


def find_with(customer_id: str, sku: str) -> tuple[Cart, Product | None, Standing]:
    """The cart, a product, and the customer's standing, in one round trip."""
    keys = key(customer_id), catalogue.key(sku), standing.key(customer_id)
    cart, product, tier = table.get_many(*keys)
    return rows.cart(cart), catalogue.sold(product), standing.parse(tier)


def find_with_coupon(caller: Caller, code: str) -> tuple[Cart, Held | None]:
    """The cart and a coupon, in one round trip."""
    cart, *found = table.get_many(key(caller.id), *coupons.keys(caller.id, code))
    return rows.cart(cart), coupons.parse(caller, found)


def find_around(caller: Caller, cart: Cart) -> tuple[dict[str, Product], Held | None]:
    """What is sold of the products in the cart, and its coupon, in one round trip."""
    skus = [line.sku for line in (*cart.lines, *cart.saved)]
    asked = coupons.keys(caller.id, cart.coupon) if cart.coupon else []
    found = table.get_many(*map(catalogue.key, skus), *asked)
    held = coupons.parse(caller, found[len(skus) :]) if asked else None
    return catalogue.sold_among(found[: len(skus)]), held


def put_line(caller: Caller, cart: Cart, line: Line, at: datetime) -> int:
    """Carry out `putting`; return the cart's new version.

    ConditionFailed unless the cart is still as it was read.
    """
    first, *others = putting(caller, cart, line, at)
    if others:
        table.commit(first, *others)
    else:
        table.apply(first)
    return cart.version + 1


def putting(caller: Caller, cart: Cart, line: Line, at: datetime) -> list[table.Write]:
    """The writes of *line*, which is saved for later no longer, and of a timer where none
    watches."""
    if not cart.version:
        return _first(caller, line, at)
    changes: dict[Path, Any] = {("lines", line.sku): rows.item(line)}
    watched = cart.armed or caller.is_guest
    armed: dict[Path, Any] = {} if watched else {"armed": True}
    put = _change(caller.id, cart, at, changes | armed, remove=[("saved", line.sku)])
    return [put] if watched else [put, watch(caller.id, cart.id, at + ABANDONED_AFTER)]


def remove_line(customer_id: str, cart: Cart, sku: str, at: datetime) -> int:
    """Take the line out; return the cart's new version. ConditionFailed like `put_line`."""
    table.apply(_change(customer_id, cart, at, {}, remove=[("lines", sku)]))
    return cart.version + 1


def save_line(customer_id: str, cart: Cart, line: Line, at: datetime) -> int:
    """Save *line* for later; return the cart's new version. ConditionFailed like `put_line`."""
    saved: dict[Path, Any] = {("saved", line.sku): rows.item(line)}
    table.apply(_change(customer_id, cart, at, saved, remove=[("lines", line.sku)]))
    return cart.version + 1


def remove_saved(customer_id: str, cart: Cart, sku: str, at: datetime) -> int:
    """What was saved is not any longer; return the cart's new version. ConditionFailed like
    `put_line`."""
    table.apply(_change(customer_id, cart, at, {}, remove=[("saved", sku)]))
    return cart.version + 1


def put_gift(customer_id: str, cart: Cart, gift: Gift | None, at: datetime) -> int:
    """Say whether the cart is a present; return its new version. ConditionFailed like
    `put_line`."""
    table.apply(_change(customer_id, cart, at, {"gift": asdict(gift) if gift else None}))
    return cart.version + 1


def put_coupon(customer_id: str, cart: Cart, code: str | None, at: datetime) -> int:
    """Let the cart have the coupon, or none; return its new version. ConditionFailed like
    `put_line`."""
    table.apply(_change(customer_id, cart, at, {"coupon": code}))
    return cart.version + 1


def merge(
    call: idempotency.Attempt,
    answer: BaseModel,
    customer_id: str,
    guest_id: str,
    merged: Merged,
    at: datetime,
) -> None:
    """Move what *merged* moves from the guest's cart to the customer's, and write the *answer*.

    Repeated for a repeated call; ConditionFailed unless both carts are still as they were read.
    """
    guest = merged.rest
    left = rows.row(guest, ids.new(at), at) | _ending(guest_id) | {"pk": _pk(guest_id)}
    writes = [*_watched(customer_id, merged.cart, at), table.put(left, _as_read(guest))]
    idempotency.commit(call, HTTPStatus.OK, answer, *writes)


def filled(caller: Caller, cart: Cart, at: datetime) -> list[table.Write]:
    """The writes of the whole *cart*; refused unless it was still as it was read."""
    if not caller.is_guest:
        return _watched(caller.id, cart, at)
    row = rows.row(cart, cart.id or ids.new(at), at) | _ending(caller.id)
    return [table.put(row | {"pk": _pk(caller.id)}, as_read(cart.version))]


def repriced(customer_id: str, cart: Cart, prices: Mapping[str, int], at: datetime) -> table.Write:
    """The cart shows *prices*, now that the customer was told; refused if it changed meanwhile."""
    changes: dict[Path, Any] = {
        ("lines", sku, "price_minor"): price for sku, price in prices.items()
    }
    return _change(customer_id, cart, at, changes)


def emptied(customer_id: str, cart: Cart, at: datetime) -> table.Write:
    """The cart was bought, as it was read; what comes next is another cart. What is saved for
    later stays."""
    bought: dict[Path, Any] = {"lines": {}, "gift": None, "coupon": None, "armed": False}
    return _change(customer_id, cart, at, bought | {"cart_id": ids.new(at)})


def unwatched(customer_id: str, cart: Cart) -> table.Write:
    """No timer watches the cart any longer, provided that it is as it was read."""
    return table.update(
        _pk(customer_id), rows.SK, assign={"armed": False}, condition=_as_read(cart)
    )


def watch(customer_id: str, cart_id: str, due: datetime) -> table.Write:
    """The timer that looks at the cart at *due*."""
    subject = {"customer_id": customer_id, "cart_id": cart_id}
    return timers.arm(timers.Timer(ABANDONED, cart_id, due, subject))


def _watched(customer_id: str, cart: Cart, at: datetime) -> list[table.Write]:
    """The whole cart of a customer, and a timer where none watches."""
    cart_id = cart.id or ids.new(at)
    row = rows.row(cart, cart_id, at) | {"pk": _pk(customer_id), "armed": True}
    timer = [] if cart.armed else [watch(customer_id, cart_id, at + ABANDONED_AFTER)]
    return [table.put(row, as_read(cart.version)), *timer]


def _first(caller: Caller, line: Line, at: datetime) -> list[table.Write]:
    """A guest's cart goes with the guest's token, and nobody could be written to about it."""
    cart_id = ids.new(at)
    row = rows.row(replace(rows.NEVER_WRITTEN, lines=(line,)), cart_id, at)
    row |= {"pk": _pk(caller.id)}
    if caller.is_guest:
        return [table.put(row | _ending(caller.id))]
    timer = watch(caller.id, cart_id, at + ABANDONED_AFTER)
    return [table.put(row | {"armed": True}), timer]


def _ending(guest_id: str) -> table.Item:
    return {"expires_at": int(guests.ends_at(guest_id).timestamp())}


def _change(
    customer_id: str,
    cart: Cart,
    at: datetime,
    changes: Mapping[Path, Any],
    remove: Sequence[Path] = (),
) -> table.Write:
    return table.update(
        _pk(customer_id),
        rows.SK,
        assign={**changes, "updated_at": at.isoformat()},
        add={"version": 1},
        remove=remove,
        condition=_as_read(cart),
    )


def _as_read(cart: Cart) -> Condition:
    return Attr("version").eq(cart.version)


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
