"""How pick-up points and rates are shown. Pure."""

from common import api as shell
from orders.delivery.point import Point
from orders.delivery.rates import Table


class PointView(shell.View):
    id: str
    name: str
    city: str
    address: str
    hours: str
    price_minor: int
    currency: str
    days_min: int
    days_max: int


class PointPage(shell.View):
    items: list[PointView]
    next_cursor: str | None


class RateView(shell.View):
    up_to_grams: int
    price_minor: int
    days_min: int
    days_max: int


class ZoneView(shell.View):
    name: str
    country: str
    postal_prefixes: list[str]
    cities: list[str]
    rates: list[RateView]


class RatesView(shell.View):
    zones: list[ZoneView]


def point_view(point: Point, currency: str) -> PointView:
    return PointView(
        id=point.id,
        name=point.name,
        city=point.city,
        address=point.address,
        hours=point.hours,
        price_minor=point.price_minor,
        currency=currency,
        days_min=point.days_min,
        days_max=point.days_max,
    )


def rates_view(table: Table) -> RatesView:
    return RatesView(
        zones=[
            ZoneView(
                name=zone.name,
                country=zone.country,
                postal_prefixes=list(zone.postal_prefixes),
                cities=list(zone.cities),
                rates=[
                    RateView(
                        up_to_grams=rate.up_to_grams,
                        price_minor=rate.price_minor,
                        days_min=rate.days_min,
                        days_max=rate.days_max,
                    )
                    for rate in zone.rates
                ],
            )
            for zone in table.zones
        ]
    )
