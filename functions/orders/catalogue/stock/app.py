"""HTTP routes by which staff count and move stock."""

import os
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, cast

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field, StringConstraints

from common import access, clock, cursors, idempotency, ids, outbox, table
from common import api as shell
from common.access import Role
from common.errors import NotFound
from common.events import Currency
from common.fields import OwnLine
from orders.catalogue import facts
from orders.catalogue.fields import SkuInPath
from orders.catalogue.fields import Stock as Pieces
from orders.catalogue.product import Product
from orders.catalogue.stock import store
from orders.catalogue.stock.stock import MOST_PLACES, Move, MoveKind, NoStock, Stock

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Place = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,40}$")]
Change = Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]


class CountBody(shell.Body):
    """What lies at each place, all of them counted, with what waits to be packed."""

    places: Annotated[dict[Place, Pieces], Field(min_length=1, max_length=MOST_PLACES)]
    reason: OwnLine


class MoveBody(shell.Body):
    """So many more at a place, or fewer."""

    place: Place
    change: Change
    reason: OwnLine


class PlaceView(shell.View):
    """What was last counted and moved at a place; parcels leave the sum only."""

    place: str
    pieces: int


class StockDetails(shell.View):
    """`reserved` is what open orders hold, `available` what can be sold."""

    sku: str
    available: int
    reserved: int
    places: list[PlaceView]


class MoveView(shell.View):
    """`places` are pieces there since a count, or the change by a move."""

    id: str
    at: AwareDatetime
    kind: MoveKind
    places: list[PlaceView]
    reason: str
    staff_id: str


class MovePage(shell.View):
    items: list[MoveView]
    next_cursor: str | None


@router.put("/v1/staff/products/<sku>/stock", responses=shell.shown(StockDetails))
def count_stock(
    sku: SkuInPath, request: CountBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Say what was counted of a good, everywhere at once."""
    caller = access.staff(router, Role.MANAGER)
    move = Move(MoveKind.COUNTED, request.places, request.reason, caller.id)
    counted, version = table.retried(partial(_count, sku, move, if_match))
    return shell.answer(_shown(sku, counted), headers={"ETag": shell.etag(version)})


@router.post("/v1/staff/products/<sku>/stock/moves", responses=shell.shown(StockDetails))
def move_stock(sku: SkuInPath, request: MoveBody, key: idempotency.Key) -> Response[Any]:
    """Bring pieces of a good to a place, or take some away."""
    caller = access.staff(router, Role.MANAGER)
    call = idempotency.attempt(f"STAFF#{caller.id}", f"products/{sku}/stock", key, request)
    places = {request.place: request.change}
    move = Move(MoveKind.MOVED, places, request.reason, caller.id)
    effect = partial(table.retried, partial(_move, call, sku, move))
    return idempotency.once(call, shell.language(router), effect)


@router.get("/v1/staff/products/<sku>/stock/moves")
def list_moves(
    sku: SkuInPath, cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT
) -> MovePage:
    """List how the stock of a good was counted and moved, and why; the latest first."""
    caller = access.staff(router, Role.MANAGER)
    listing = f"moves:{sku}"
    page = store.journal(sku, limit, cursors.unseal(caller.id, listing, cursor))
    items = [_entry(*store.entry(item)) for item in page.items]
    return MovePage(items=items, next_cursor=cursors.seal(caller.id, listing, page.last))


def _count(sku: str, move: Move, if_match: str | None) -> tuple[Stock, int]:
    product, stock = _found(sku)
    shell.require_match(if_match, product.version)
    counted = stock.after(move)
    if counted == stock:
        return stock, product.version
    table.commit(*_writes(product, stock, counted, move))
    return counted, product.version + 1


def _move(call: idempotency.Attempt, sku: str, move: Move) -> tuple[HTTPStatus, StockDetails]:
    product, stock = _found(sku)
    moved = stock.after(move)
    shown = _shown(sku, moved)
    idempotency.commit(call, HTTPStatus.OK, shown, *_writes(product, stock, moved, move))
    return HTTPStatus.OK, shown


def _found(sku: str) -> tuple[Product, Stock]:
    found = store.find(sku)
    if found is None:
        raise NotFound
    product, stock = found
    if stock is None:
        raise NoStock(sku=sku)
    return product, stock


def _writes(product: Product, old: Stock, new: Stock, move: Move) -> list[table.Write]:
    """The change, its line in the journal, and the events that tell of it."""
    now = clock.now()
    event_id, currency = ids.new(now), cast(Currency, os.environ["CURRENCY"])
    told = facts.told(product, product.restocked(new.available), event_id, currency, now)
    changed = store.changed(product.sku, product.version, old, new, move, event_id)
    return [*changed, *map(outbox.row, told)]


def _shown(sku: str, stock: Stock) -> StockDetails:
    return StockDetails(
        sku=sku,
        available=stock.available,
        reserved=stock.reserved,
        places=_places(stock.places),
    )


def _entry(id_: str, move: Move) -> MoveView:
    return MoveView(
        id=id_,
        at=ids.made_at(id_),
        kind=move.kind,
        places=_places(move.places),
        reason=move.reason,
        staff_id=move.staff_id,
    )


def _places(places: Mapping[str, int]) -> list[PlaceView]:
    return [PlaceView(place=name, pieces=n) for name, n in sorted(places.items())]
