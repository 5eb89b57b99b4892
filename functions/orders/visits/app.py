"""HTTP routes of visits, a customer's or a guest's."""

import os
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from common import access, clock, guests, idempotency, table
from common import api as shell
from common.access import Caller
from common.fields import Flag, OwnLine
from orders import guest_token
from orders.cart.cart import UnknownProduct
from orders.catalogue import store as catalogue
from orders.catalogue.fields import Sku, SkuInPath
from orders.catalogue.view import ProductView, Shown
from orders.visits import store
from orders.visits.visits import Visits

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DONE: dict[int, Any] = {204: {"description": "It is so"}}
LONGEST_SEARCH = 100
MOST_FOUND = 10


class SearchBody(shell.Body):
    """`found` are the first products that were found, best first."""

    words: Annotated[OwnLine, Field(max_length=LONGEST_SEARCH)]
    found: list[Sku] = Field(default=[], max_length=MOST_FOUND)


class SwitchBody(shell.Body):
    on: Flag


class JoinBody(shell.Body):
    guest_token: Annotated[str, Field(max_length=guest_token.LONGEST)]


class SeenView(shell.View):
    product: ProductView
    at: AwareDatetime


class SearchView(shell.View):
    words: str
    at: AwareDatetime


class VisitsView(shell.View):
    """What was looked at, if it is still sold, and searched for; newest first. While nothing is
    `kept`, there is nothing."""

    kept: bool
    products: list[SeenView]
    searches: list[SearchView]


class JoinedView(shell.View):
    """How much is remembered now."""

    products: int
    searches: int


@router.get("/v1/visits")
def show_visits() -> VisitsView:
    """Show what you looked at and searched for lately: 50 products and 20 searches at most."""
    visits = store.find(guests.shopper(router).id)
    sold = catalogue.find_many(view.sku for view in visits.views)
    shown = Shown(shell.language(router), os.environ["CURRENCY"], clock.today())
    return VisitsView(
        kept=visits.are_kept,
        products=[
            SeenView(product=shown.product(sold[view.sku]), at=view.at)
            for view in visits.views
            if view.sku in sold
        ],
        searches=[SearchView(words=search.words, at=search.at) for search in visits.searches],
    )


@router.put("/v1/visits/products/<sku>", responses=DONE)
def note_view(sku: SkuInPath) -> Response[Any]:
    """Remember that you looked at a product. 409 `consent_needed` while nothing may be kept."""
    caller = guests.shopper(router)
    return _done(partial(_see, caller, sku))


@router.put("/v1/visits/searches", responses=DONE)
def note_search(request: SearchBody) -> Response[Any]:
    """Remember what you searched for. 409 `consent_needed` while nothing may be kept."""
    caller, now = guests.shopper(router), clock.now()
    found = tuple(request.found)
    return _done(partial(_change, caller, lambda v: v.searching(request.words, found, now)))


@router.put("/v1/visits/keeping", responses=DONE)
def switch_keeping(request: SwitchBody) -> Response[Any]:
    """Let visits be kept, or not any longer, which forgets them.

    A guest allows it by this; a customer by the consent to personal recommendations, and can
    pause it here.
    """
    caller = guests.shopper(router)
    return _done(partial(_change, caller, lambda v: v.switched(request.on, guest=caller.is_guest)))


@router.delete("/v1/visits", responses=DONE)
def forget_visits() -> Response[Any]:
    """Forget what you looked at and searched for until now."""
    return _done(partial(_change, guests.shopper(router), Visits.forgotten))


@router.post("/v1/visits/merge", responses=shell.shown(JoinedView))
def join_guests_visits(request: JoinBody, key: idempotency.Key) -> Response[Any]:
    """Take over what you looked at as a guest, if your account may remember it."""
    caller = access.customer(router)
    guest_id = guest_token.guest_id(request.guest_token, clock.now())
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "visits/merge", key, request)
    join = partial(table.retried, partial(_join, call, caller.id, guest_id))
    return idempotency.once(call, shell.language(router), join)


def _done(change: Callable[[], None]) -> Response[Any]:
    table.retried(change)
    return Response(HTTPStatus.NO_CONTENT)


def _see(caller: Caller, sku: str) -> None:
    before, product = store.find_with(caller.id, sku)
    if product is None:
        raise UnknownProduct
    store.save(caller, before, before.seeing(sku, clock.now()))


def _change(caller: Caller, change: Callable[[Visits], Visits]) -> None:
    before = store.find(caller.id)
    store.save(caller, before, change(before))


def _join(
    call: idempotency.Attempt, customer_id: str, guest_id: str
) -> tuple[HTTPStatus, JoinedView]:
    before, guest = store.find_both(customer_id, guest_id)
    after = before.joined(guest)
    answer = JoinedView(products=len(after.views), searches=len(after.searches))
    if after is before:
        idempotency.commit(call, HTTPStatus.OK, answer)
    else:
        store.join(call, answer, customer_id, guest_id, (before, after, guest))
    return HTTPStatus.OK, answer
