"""HTTP routes of the staff: the table of rates, and the pick-up points."""

import os
from http import HTTPStatus
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from common import access, fields
from common import api as shell
from common.access import Role
from common.fields import Line, Minor
from common.language import Text
from orders.addresses.app import Country
from orders.delivery import store
from orders.delivery.fields import City, Days, PointInPath
from orders.delivery.point import Point
from orders.delivery.rates import Rate, Table, Zone
from orders.delivery.views import PointView, RatesView, point_view, rates_view

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

GONE: dict[int, Any] = {204: {"description": "The point is gone"}}
MOST_ZONES, MOST_RATES, MOST_NAMES = 50, 10, 60

Grams = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,10}$")]
Title = Annotated[Line, Field(max_length=60)]

fields.REASONS["days_reversed"] = Text(
    ru="Наименьший срок больше наибольшего.", en="The shortest time is longer than the longest."
)


class Timed(shell.Body):
    """What takes from `days_min` to `days_max` days, and what it costs."""

    price_minor: Minor
    days_min: Days
    days_max: Days

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.days_min > self.days_max:
            raise PydanticCustomError("days_reversed", "days_min is above days_max")
        return self


class RateBody(Timed):
    up_to_grams: Grams


class ZoneBody(shell.Body):
    """Where the rates hold: by postal codes' beginnings, by cities, or, with neither, wherever in
    the country no other zone is."""

    name: Title
    country: Country
    postal_prefixes: Annotated[tuple[Prefix, ...], Field(max_length=MOST_NAMES)] = ()
    cities: Annotated[tuple[City, ...], Field(max_length=MOST_NAMES)] = ()
    rates: Annotated[list[RateBody], Field(min_length=1, max_length=MOST_RATES)]

    def zone(self) -> Zone:
        rates = tuple(Rate(**rate.model_dump()) for rate in self.rates)
        return Zone(self.name, self.country, self.postal_prefixes, self.cities, rates)


class RatesBody(shell.Body):
    zones: Annotated[list[ZoneBody], Field(max_length=MOST_ZONES)]


class PointBody(Timed):
    name: Title
    city: City
    address: Line
    hours: Line


@router.get("/v1/staff/delivery-rates", responses=shell.shown(RatesView))
def show_rates() -> Response[Any]:
    """Show the table of zones and rates."""
    access.staff(router)
    table = store.rates()
    return shell.answer(rates_view(table), headers={"ETag": shell.etag(table.version)})


@router.put("/v1/staff/delivery-rates", responses=shell.shown(RatesView))
def put_rates(request: RatesBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Replace the table of zones and rates; quotes made before stand as promised."""
    access.staff(router, Role.MANAGER)
    version = store.rates().version
    shell.require_match(if_match, version)
    table = Table(version + 1, tuple(zone.zone() for zone in request.zones))
    store.save_rates(table)
    return shell.answer(rates_view(table), headers={"ETag": shell.etag(table.version)})


@router.put("/v1/staff/pickup-points/<point_id>", responses=shell.shown(PointView))
def put_point(
    point_id: PointInPath, request: PointBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Open a pick-up point, or change one."""
    access.staff(router, Role.MANAGER)
    known = store.point(point_id)
    version = known.version if known else 0
    shell.require_match(if_match, version)
    point = Point(id=point_id, version=version + 1, **request.model_dump())
    store.save_point(point)
    view = point_view(point, os.environ["CURRENCY"])
    return shell.answer(view, headers={"ETag": shell.etag(point.version)})


@router.delete("/v1/staff/pickup-points/<point_id>", responses=GONE)
def close_point(point_id: PointInPath) -> Response[Any]:
    """Close a pick-up point, if it is open; parcels on their way there still arrive."""
    access.staff(router, Role.MANAGER)
    store.remove_point(point_id)
    return Response(HTTPStatus.NO_CONTENT)
