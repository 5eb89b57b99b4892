"""HTTP routes of wish lists; a function of its own, with the alerts: most requests need neither."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from common import access, clock, idempotency, ids, table
from common import api as shell
from common.access import Caller
from common.errors import NotFound
from common.fields import OwnLine, Quantity
from orders.cart.cart import UnknownProduct, named
from orders.catalogue import store as catalogue
from orders.catalogue.fields import SkuInPath
from orders.catalogue.product import Product
from orders.catalogue.view import Shown
from orders.watches.app import router as alerts
from orders.wishes import links, store, view
from orders.wishes.view import MovedView, SharedListView, WishListBrief, WishListIndex, WishListView
from orders.wishes.wish_list import Priority, WishList

api = shell.create()
api.include_router(alerts)

DONE: dict[int, Any] = {204: {"description": "It is so"}}
Name = Annotated[OwnLine, Field(max_length=60)]
Link = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}\.[0-9a-f]{32}$")]


class ListBody(shell.Body):
    name: Name


class WishBody(shell.Body):
    """`note` says what the shop cannot know: a size, a colour, what for."""

    priority: Priority = Priority.NORMAL
    note: OwnLine | None = None


class MoveBody(shell.Body):
    quantity: Quantity = 1


@api.get("/v1/wish-lists")
def list_lists() -> WishListIndex:
    """List the wish lists, oldest first; there are at most ten."""
    found = store.find_all(access.customer(api).id)
    return WishListIndex(items=list(map(view.brief, found)))


@api.post("/v1/wish-lists", responses=shell.shown(WishListBrief, HTTPStatus.CREATED))
def begin_list(request: ListBody, key: idempotency.Key) -> Response[Any]:
    """Begin a wish list."""
    caller = access.customer(api)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "wish-lists", key, request)
    return idempotency.once(call, shell.language(api), partial(_begin, call, caller, request))


@api.get("/v1/wish-lists/<list_id>", responses=shell.shown(WishListView))
def show_list(list_id: shell.Id) -> Response[Any]:
    """Show a wish list with its products at today's prices and stock."""
    return _whole(store.find(access.customer(api).id, list_id))


@api.patch("/v1/wish-lists/<list_id>", responses=shell.shown(WishListBrief))
def rename_list(
    list_id: shell.Id, request: ListBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Give a wish list another name."""
    caller = access.customer(api)
    return _changed(caller, list_id, if_match, lambda found: found.renamed(request.name))


@api.delete("/v1/wish-lists/<list_id>", responses=DONE)
def remove_list(list_id: shell.Id) -> Response[Any]:
    """Delete a wish list; its link leads nowhere from then on."""
    if not store.remove(access.customer(api).id, list_id):
        raise NotFound
    return Response(HTTPStatus.NO_CONTENT)


@api.put("/v1/wish-lists/<list_id>/items/<sku>", responses=shell.shown(WishListBrief))
def wish(
    list_id: shell.Id, sku: SkuInPath, request: WishBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Wish for a product, or say anew how much and why."""
    caller = access.customer(api)

    def put() -> WishList:
        found, product = store.find_with(caller.id, list_id, sku)
        if product is None:
            raise UnknownProduct
        shell.require_match(if_match, found.version)
        after = found.wishing(product, request.priority, request.note, clock.now())
        store.save(caller.id, after)
        return after

    return _answer(table.retried(put))


@api.delete("/v1/wish-lists/<list_id>/items/<sku>", responses=shell.shown(WishListBrief))
def stop_wishing(
    list_id: shell.Id, sku: SkuInPath, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Take a product off the list; that it is not there is fine."""
    caller = access.customer(api)
    return _changed(caller, list_id, if_match, lambda x: x.without(sku) if x.named(sku) else x)


@api.post("/v1/wish-lists/<list_id>/items/<sku>/move-to-cart", responses=shell.shown(MovedView))
def move_to_cart(
    list_id: shell.Id, sku: SkuInPath, request: MoveBody, key: idempotency.Key
) -> Response[Any]:
    """Move a product from the list into the cart: what is there already grows by as many."""
    caller = access.customer(api)
    route = f"wish-lists/{list_id}/items/{sku}/move"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, request)
    move = partial(_move, call, caller, list_id, sku, request.quantity)
    return idempotency.once(call, shell.language(api), partial(table.retried, move))


@api.put("/v1/wish-lists/<list_id>/link", responses=shell.shown(WishListView))
def share_list(list_id: shell.Id) -> Response[Any]:
    """Share a wish list: whoever has the link sees it, and not whose it is."""
    caller = access.customer(api)
    _share(caller, list_id, shared=True)
    return _whole(store.find(caller.id, list_id))


@api.delete("/v1/wish-lists/<list_id>/link", responses=DONE)
def unshare_list(list_id: shell.Id) -> Response[Any]:
    """Share a wish list no longer: the link leads nowhere, even when it is shared again."""
    _share(access.customer(api), list_id, shared=False)
    return Response(HTTPStatus.NO_CONTENT)


@api.get("/v1/shared-wish-lists/<link>")
def show_shared(link: Link) -> SharedListView:
    """Show the wish list that a link leads to."""
    named_by = links.parse(link)
    found = store.find_shared(named_by.list_id)
    if found is None or not links.opens(named_by, found.shares):
        raise NotFound
    return SharedListView(name=found.name, items=view.list_items(found, _products(found), _shown()))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)


def _begin(
    call: idempotency.Attempt, caller: Caller, request: ListBody
) -> tuple[HTTPStatus, WishListBrief]:
    made = WishList(ids.new(clock.now()), request.name)
    shown = view.brief(made)
    store.add(call, shown, caller.id, made)
    return HTTPStatus.CREATED, shown


def _move(
    call: idempotency.Attempt, caller: Caller, list_id: str, sku: str, quantity: int
) -> tuple[HTTPStatus, MovedView]:
    found, product, cart = store.find_with_cart(caller.id, list_id, sku)
    after, now = found.without(sku), clock.now()
    if product is None:
        raise UnknownProduct
    there = named(cart.lines, sku)
    line = cart.line_of(product, quantity + (there.quantity if there else 0), now)
    moved = MovedView(sku=sku, quantity=line.quantity)
    store.move(call, moved, caller, after, (cart, line), now)
    return HTTPStatus.OK, moved


def _changed(
    caller: Caller, list_id: str, if_match: str | None, change: Callable[[WishList], WishList]
) -> Response[Any]:

    def attempt() -> WishList:
        found = store.find(caller.id, list_id)
        shell.require_match(if_match, found.version)
        after = change(found)
        if after is not found:
            store.save(caller.id, after)
        return after

    return _answer(table.retried(attempt))


def _share(caller: Caller, list_id: str, *, shared: bool) -> None:
    def attempt() -> None:
        found = store.find(caller.id, list_id)
        after = found.shown_to_others(shared=shared)
        if after is not found:
            store.share(caller.id, after)

    table.retried(attempt)


def _whole(found: WishList) -> Response[Any]:
    link = _link(found) if found.shared else None
    shown = view.whole(found, link, _products(found), _shown())
    return shell.answer(shown, headers={"ETag": shell.etag(found.version)})


def _answer(found: WishList) -> Response[Any]:
    return shell.answer(view.brief(found), headers={"ETag": shell.etag(found.version)})


def _link(found: WishList) -> str:
    token = links.token(found.id, found.shares)
    return f"{os.environ['PUBLIC_URL']}/v1/shared-wish-lists/{token}"


def _products(found: WishList) -> Mapping[str, Product]:
    return catalogue.find_many(w.sku for w in found.wishes) if found.wishes else {}


def _shown() -> Shown:
    return Shown(shell.language(api), os.environ["CURRENCY"], clock.today())
