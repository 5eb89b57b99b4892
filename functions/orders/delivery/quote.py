"""Offers of delivery: what a cart's way to a place costs, promised for a while. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from common import pricing
from common.errors import Refusal
from common.language import Text
from orders.addresses.address import Place
from orders.cart.cart import Cart
from orders.delivery.point import Point
from orders.delivery.rates import Table
from orders.order.parts import Delivery

GOOD_FOR = timedelta(minutes=30)
KIND = "delivery"


class QuoteExpired(Refusal):
    """The quote is too old, or the cart is no longer the one that it was made for."""

    code = "quote_expired"
    title = Text(
        ru="Стоимость доставки устарела. Рассчитайте её заново — это пара секунд.",
        en="The delivery quote is out of date. Ask for a new one, it takes a second.",
    )


class NothingToDeliver(Refusal):
    code = "nothing_to_deliver"
    title = Text(
        ru="В корзине нет товаров, которые нужно доставлять.",
        en="There is nothing in the cart that needs delivery.",
    )


class Method(StrEnum):
    COURIER = "courier"
    PICKUP = "pickup"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to get a parcel there; days are null where nobody promises any."""

    method: Method
    carrier: str | None
    price_minor: int
    days_min: int | None
    days_max: int | None

    def tariff(self, usual: pricing.Delivery) -> pricing.Delivery:
        """What pricing needs: the way's price, free from where delivery is."""
        return pricing.Delivery(self.price_minor, usual.free_from_minor)

    def delivery(
        self, recipient: str, phone: str | None, address: str, point_id: str | None = None
    ) -> Delivery:
        """An order's delivery this way, to an *address* that may be a point's."""
        days = self.days_min, self.days_max
        known = recipient, phone, address, self.method.value, self.carrier, point_id
        return Delivery(*known, *days)


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to *address*, for the very cart that it was asked for."""

    way: Way
    address: str
    point_id: str | None
    cart_id: str
    grams: int

    def fits(self, cart: Cart) -> bool:
        return (self.cart_id, self.grams) == (cart.id, cart.grams)

    def terms(self) -> dict[str, Any]:
        return asdict(self)


def offer(terms: Mapping[str, Any]) -> Offer:
    way = Way(**terms["way"] | {"method": Method(terms["way"]["method"])})
    return Offer(**{**terms, "way": way})


def by_table(table: Table, place: Place, grams: int, usual: pricing.Delivery) -> list[Way]:
    """The way by the shop's table, or its flat fee where the table knows no such place."""
    zone = table.zone(place)
    if zone is None:
        return [Way(Method.COURIER, None, usual.fee_minor, None, None)]
    rate = zone.rate(grams)
    if rate is None:
        return []
    return [Way(Method.COURIER, None, rate.price_minor, rate.days_min, rate.days_max)]


def to_point(point: Point) -> Way:
    return Way(Method.PICKUP, None, point.price_minor, point.days_min, point.days_max)


def offers(ways: Sequence[Way], address: str, point_id: str | None, cart: Cart) -> list[Offer]:
    """The ways to *address* as offers for *cart*, the cheapest first."""
    ranked = sorted(ways, key=lambda way: (way.price_minor, way.days_max or 0))
    return [Offer(way, address, point_id, cart.id, cart.grams) for way in ranked]
