"""HTTP routes of returns and complaints, their customers'; the staff's are beside."""

import os
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, clock, cursors, idempotency, ids, offers, table, tagged
from common import api as shell
from common.access import Caller
from common.errors import NotFound
from orders.catalogue import store as catalogue
from orders.order import store as orders
from orders.order.order import Order
from orders.returns import exchange, holding, offer, promise, rows, store
from orders.returns.body import ReturnBody, ReturnPreviewBody
from orders.returns.parts import Item
from orders.returns.promise import PreviewExpired, Terms
from orders.returns.returns import State, begun
from orders.returns.staff.app import router as staff
from orders.returns.view import (
    ReturnPage,
    ReturnPreviewView,
    ReturnView,
    brief,
    preview_view,
    return_view,
)

api = shell.create()
api.include_router(staff)

UNCHANGED: dict[int, Any] = {304: {"description": "The return is as it was"}}


@api.post("/v1/return-previews", responses=shell.shown(ReturnPreviewView))
def preview_return(request: ReturnPreviewBody) -> Response[Any]:
    """Preview what a return would bring: to where the money goes, and which points. What is shown
    is promised for half an hour."""
    caller = access.customer(api)
    order = orders.find_live(caller, request.order_id)
    if order is None:
        raise NotFound
    terms = _terms(order)
    plain = promise.items(order, request.wanted(), terms)
    items = _exchanged(order, plain, request.exchanged())
    told = exchange.carried(promise.promise(order, items, terms.earned), items)
    now = clock.now()
    until = now + offer.GOOD_FOR
    offered = offer.of(ids.new(now), order, items, told)
    sealed = offers.seal(offer.KIND, caller.id, offered.terms(), until)
    return shell.answer(preview_view(order, items, told, sealed, until, shell.language(api)))


@api.post("/v1/returns", responses=shell.shown(ReturnView, HTTPStatus.CREATED))
def request_return(request: ReturnBody, key: idempotency.Key) -> Response[Any]:
    """Ask for the return, or complain, as it was previewed."""
    caller = access.customer(api)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "returns", key, request)
    begin = partial(table.retried, partial(_begin, call, caller, request))
    return idempotency.once(call, shell.language(api), begin)


@api.get("/v1/returns")
def list_returns(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> ReturnPage:
    """List the customer's returns, newest first."""
    caller = access.customer(api)
    page = store.page(caller.id, limit, cursors.unseal(caller.id, "returns", cursor))
    items = [brief(rows.parse(row)) for row in page.items]
    return ReturnPage(items=items, next_cursor=cursors.seal(caller.id, "returns", page.last))


@api.get("/v1/returns/<return_id>", responses=shell.shown(ReturnView) | UNCHANGED)
def show_return(return_id: shell.Id, if_none_match: shell.IfNoneMatch = None) -> Response[Any]:
    """Show a return, and what is promised for it; 304 while it is as it was."""
    one = store.get(access.customer(api).id, return_id)
    language = shell.language(api)
    view = return_view(ReturnView, one, language)
    return tagged.answer(view, tagged.spoken(one.version, language), if_none_match)


@api.post("/v1/returns/<return_id>/withdraw", responses=shell.shown(ReturnView))
def withdraw_return(return_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Keep the goods after all, while the shop has not got them."""
    caller = access.customer(api)
    route = f"returns/withdraw#{return_id}"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, shell.Body())
    withdraw = partial(table.retried, partial(_withdraw, call, caller, return_id))
    return idempotency.once(call, shell.language(api), withdraw)


def _begin(
    call: idempotency.Attempt, caller: Caller, request: ReturnBody
) -> tuple[HTTPStatus, ReturnView]:
    now = clock.now()
    terms = offers.unseal(offer.KIND, caller.id, request.preview_id, now)
    if terms is None:
        raise PreviewExpired
    offered = offer.parse(terms)
    order = orders.find_live(caller, offered.order_id)
    if order is None:
        raise NotFound
    items = offered.items(order, catalogue.find_all(offered.instead))
    new = begun(offered.return_id, order, items, offered.promise, request.comment, now)
    view = return_view(ReturnView, new, shell.language(api))
    store.began(call, view, order, holding.claimed(order, new), new)
    return HTTPStatus.CREATED, view


def _withdraw(
    call: idempotency.Attempt, caller: Caller, return_id: str
) -> tuple[HTTPStatus, ReturnView]:
    one = store.get_live(caller, return_id)
    after = one.moved(State.WITHDRAWN, clock.now())
    view = return_view(ReturnView, after, shell.language(api))
    store.changed(call, view, one, after, *store.released(store.order_of(one), one))
    return HTTPStatus.OK, view


def _exchanged(order: Order, items: list[Item], wanted: Mapping[str, str]) -> list[Item]:
    if not wanted:
        return items
    products = catalogue.find_all({*wanted, *wanted.values()})
    return exchange.offered(order, items, wanted, products)


def _terms(order: Order) -> Terms:
    """On what a promise depends beside the order."""
    if not order.has_arrived:
        raise promise.NotDelivered(state=order.state)
    days = int(os.environ["RETURN_DAYS"])
    return Terms(clock.today(), clock.day_of(order.delivered_at), days, store.earned(order))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
