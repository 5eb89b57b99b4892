"""HTTP routes of delivery: quotes for a cart, and pick-up points."""

import os
from datetime import datetime
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from common import api as shell
from common import clock, cursors, fields, guests, offers, pricing, table
from common.access import Caller
from common.errors import NotFound
from common.language import Text
from orders.addresses import store as addresses
from orders.addresses.app import PlaceBody
from orders.cart import rows as carts
from orders.cart import store as cart_store
from orders.cart.cart import Cart
from orders.delivery import carrier, quote, store
from orders.delivery.fields import City, PointId
from orders.delivery.quote import KIND, Method, NothingToDeliver, Offer
from orders.delivery.views import PointPage, point_view
from orders.tariff import Tariff, tariff

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

fields.REASONS["one_place"] = Text(
    ru="Укажите одно из трёх: адрес, сохранённый адрес или пункт выдачи.",
    en="Name one of three: an address, a saved one, or a pick-up point.",
)


class QuoteBody(shell.Body):
    """Where to: an address, one of the address book, or a pick-up point."""

    address: PlaceBody | None = None
    address_id: Annotated[str, Field(pattern=shell.UUID)] | None = None
    point_id: PointId | None = None

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if sum(x is not None for x in (self.address, self.address_id, self.point_id)) != 1:
            raise PydanticCustomError("one_place", "one place is needed")
        return self


class OptionView(shell.View):
    """One way to get the parcel. `price_minor` is what this cart would pay for it now; checkout
    takes the `quote_id`. Days are null where nobody promises any."""

    quote_id: str
    method: Method
    carrier: str | None
    address: str
    price_minor: int
    currency: str
    days_min: int | None
    days_max: int | None


class QuotesView(shell.View):
    options: list[OptionView]
    expires_at: AwareDatetime


@router.post("/v1/delivery-quotes", responses=shell.shown(QuotesView))
def quote_delivery(request: QuoteBody) -> Response[Any]:
    """Quote the delivery of what is in the cart: the ways there are, promised for half an hour."""
    caller = guests.shopper(router)
    cart, made = _offers(caller, request)
    now, terms = clock.now(), tariff(os.environ)
    until = now + quote.GOOD_FOR
    options = [_option(caller, cart, offer, terms, until) for offer in made]
    return shell.answer(QuotesView(options=options, expires_at=until))


@router.get("/v1/pickup-points")
def list_points(
    city: Annotated[City, Query()],
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> PointPage:
    """List the pick-up points of a city."""
    listing = f"points:{city.casefold()}"
    page = store.points(city, limit, cursors.unseal("public", listing, cursor))
    items = [point_view(store.parse_point(item), os.environ["CURRENCY"]) for item in page.items]
    return PointPage(items=items, next_cursor=cursors.seal("public", listing, page.last))


def _offers(caller: Caller, request: QuoteBody) -> tuple[Cart, list[Offer]]:
    """The caller's cart, and the ways for it to where *request* says: one round trip."""
    place_key = _key(caller, request)
    items = table.get_many(
        cart_store.key(caller.id), store.RATES, *([place_key] if place_key else [])
    )
    cart = carts.cart(items[0])
    if not cart.is_shipped:
        raise NothingToDeliver
    if place_key and items[2] is None:
        raise NotFound
    if request.point_id:
        point = store.parse_point(items[2] or {})
        return cart, quote.offers([quote.to_point(point)], point.line(), point.id, cart)
    place = request.address.place() if request.address else addresses.parse(items[2] or {}).place
    usual = tariff(os.environ).delivery
    value = pricing.totals(cart.priced(), usual).goods_minor
    ways = carrier.ways(place, cart.grams, value, clock.now())
    if ways is None:
        ways = quote.by_table(store.parse_rates(items[1]), place, cart.grams, usual)
    return cart, quote.offers(ways, place.line(), None, cart)


def _key(caller: Caller, request: QuoteBody) -> tuple[str, str, str] | None:
    """Where the place lies that *request* names by an id."""
    if request.point_id:
        return store.point_key(request.point_id)
    return addresses.key(caller.id, request.address_id) if request.address_id else None


def _option(caller: Caller, cart: Cart, offer: Offer, terms: Tariff, until: datetime) -> OptionView:
    way = offer.way
    return OptionView(
        quote_id=offers.seal(KIND, caller.id, offer.terms(), until),
        method=way.method,
        carrier=way.carrier,
        address=offer.address,
        price_minor=pricing.totals(cart.priced(), offer.way.tariff(terms.delivery)).delivery_minor,
        currency=terms.currency,
        days_min=way.days_min,
        days_max=way.days_max,
    )
