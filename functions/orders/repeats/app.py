"""HTTP routes of repeat deliveries."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common import access, clock, fields, idempotency, ids
from common import api as shell
from common.access import Caller
from common.errors import Invalid, NotFound
from common.fields import Day, Flag, Quantity
from common.language import Text
from orders.addresses import store as addresses
from orders.cart.cart import UnknownProduct
from orders.catalogue import store as catalogue
from orders.catalogue.fields import Sku
from orders.catalogue.product import Kind, Product
from orders.order.bill import Method
from orders.payments.cards import store as cards
from orders.repeats import store, view
from orders.repeats.repeat import (
    FURTHEST,
    LONGEST_RHYTHM,
    MOST_ITEMS,
    Item,
    NoCard,
    NotRepeated,
    Repeat,
)
from orders.repeats.view import RepeatList, RepeatView

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

DONE: dict[int, Any] = {204: {"description": "It is so"}}
fields.REASONS["no_such_address"] = Text(
    ru="Такого адреса в вашей книге нет.", en="There is no such address in your book."
)
fields.REASONS["day_to_come"] = Text(
    ru="Нужен день начиная с завтрашнего и не дальше года.",
    en="A day from tomorrow on is needed, within a year.",
)


class ItemBody(shell.Body):
    sku: Sku
    quantity: Quantity = 1


def _once_each(items: list[ItemBody]) -> list[ItemBody]:
    if len({item.sku for item in items}) < len(items):
        raise PydanticCustomError("named_twice", "a product comes twice")
    return items


Items = Annotated[
    list[ItemBody], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(_once_each)
]
Weeks = Annotated[int, Field(strict=True, ge=1, le=LONGEST_RHYTHM)]
AddressId = Annotated[str, Field(pattern=shell.UUID)]
Payment = Literal[Method.CARD, Method.CASH, Method.BALANCE]


class RepeatBody(shell.Body):
    """The goods come to an entry of the address book, first on `next_on`. They are paid by the
    default one of the saved cards, from the balance, or on delivery."""

    items: Items
    every_weeks: Weeks
    next_on: Day
    address_id: AddressId
    payment: Payment


class RepeatChanges(shell.Body):
    """What is not named stays as it is."""

    items: Items = Field(default_factory=list)
    every_weeks: Weeks = 1
    next_on: Day | None = None
    address_id: AddressId = ""
    payment: Payment = Method.CARD
    paused: Flag = False


class SkipBody(shell.Body):
    """`on` is the day of the delivery that is not wanted: calling again skips no other."""

    on: Day


@router.get("/v1/repeat-deliveries")
def list_repeats() -> RepeatList:
    """List your repeat deliveries, oldest first; there are at most twenty."""
    caller, language = access.customer(router), shell.language(router)
    return RepeatList(items=[view.brief(one, language) for one in store.every(caller.id)])


@router.post("/v1/repeat-deliveries", responses=shell.shown(RepeatView, HTTPStatus.CREATED))
def begin_repeat(request: RepeatBody, key: idempotency.Key) -> Response[Any]:
    """Have goods delivered again every few weeks. You are told three days before each delivery,
    with its prices: nothing that costs more than you were told is ordered."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "repeat-deliveries", key, request)
    return idempotency.once(call, shell.language(router), partial(_begin, call, caller, request))


@router.get("/v1/repeat-deliveries/<repeat_id>", responses=shell.shown(RepeatView))
def show_repeat(repeat_id: shell.Id) -> Response[Any]:
    """Show a repeat delivery at today's prices."""
    found = store.find(access.customer(router).id, repeat_id)
    return _answer(found, _products(found.items))


@router.patch("/v1/repeat-deliveries/<repeat_id>", responses=shell.shown(RepeatView))
def change_repeat(
    repeat_id: shell.Id, request: RepeatChanges, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Change what is named of a repeat delivery, pause it, or let it go on: on its next day from
    tomorrow, unless another is named."""
    caller = access.customer(router)
    before = store.find(caller.id, repeat_id)
    shell.require_match(if_match, before.version)
    after = before.changed(clock.today(), **_members(request))
    products = _products(after.items)
    if after != before:
        _require(caller.id, after, products, known=before)
        after = after.shown(products)
        store.save(after, clock.now())
    return _answer(after, products)


@router.put("/v1/repeat-deliveries/<repeat_id>/skip", responses=shell.shown(RepeatView))
def skip_delivery(repeat_id: shell.Id, request: SkipBody) -> Response[Any]:
    """Leave out the next delivery; the one after it comes on its day. Of a day that is over, or
    left out already, nothing is left to do."""
    before = store.find(access.customer(router).id, repeat_id)
    after = before.without(request.on, clock.today())
    if after != before:
        store.save(after, clock.now())
    return _answer(after, _products(after.items))


@router.delete("/v1/repeat-deliveries/<repeat_id>", responses=DONE)
def end_repeat(repeat_id: shell.Id) -> Response[Any]:
    """End a repeat delivery; orders that it made stay."""
    if not store.end(access.customer(router).id, repeat_id):
        raise NotFound
    return Response(HTTPStatus.NO_CONTENT)


def _begin(
    call: idempotency.Attempt, caller: Caller, request: RepeatBody
) -> tuple[HTTPStatus, RepeatView]:
    now = clock.now()
    wanted = Repeat(ids.new(now), caller.id, names={}, prices={}, **_members(request))
    products = _products(wanted.items)
    _require(caller.id, wanted, products)
    made = wanted.shown(products)
    shown = _view(made, products)
    store.add(call, shown, made, now)
    return HTTPStatus.CREATED, shown


def _members(request: RepeatBody | RepeatChanges) -> dict[str, Any]:
    named = {name: getattr(request, name) for name in request.model_fields_set}
    if "items" in named:
        named["items"] = tuple(Item(item.sku, item.quantity) for item in request.items)
    return {name: value for name, value in named.items() if value is not None}


def _require(
    customer_id: str, wanted: Repeat, products: Mapping[str, Product], known: Repeat | None = None
) -> None:
    """Refuse what could not be delivered; what stands in the delivery *known* was looked at."""
    if known is None or wanted.next_on != known.next_on:
        _require_day(wanted)
    seen = known.names if known else {}
    for item in wanted.items:
        product = products.get(item.sku)
        if product is None and item.sku not in seen:
            raise UnknownProduct(sku=item.sku)
        if product and product.kind is Kind.GIFT_CARD:
            raise NotRepeated(sku=item.sku)
    entry, _ = addresses.find(customer_id, wanted.address_id)
    if entry is None:
        raise Invalid(errors=[{"field": "body.address_id", "code": "no_such_address"}])
    if wanted.payment is Method.CARD and not cards.every(customer_id):
        raise NoCard


def _require_day(wanted: Repeat) -> None:
    if not timedelta() < wanted.next_on - clock.today() <= FURTHEST:
        raise Invalid(errors=[{"field": "body.next_on", "code": "day_to_come"}])


def _products(items: Sequence[Item]) -> Mapping[str, Product]:
    return catalogue.find_many(item.sku for item in items)


def _answer(repeat: Repeat, products: Mapping[str, Product]) -> Response[Any]:
    return shell.answer(_view(repeat, products), headers={"ETag": shell.etag(repeat.version)})


def _view(repeat: Repeat, products: Mapping[str, Product]) -> RepeatView:
    return view.whole(repeat, products, shell.language(router), os.environ["CURRENCY"])
