"""Delivery in DynamoDB.

pk           sk     what                                     gsi1pk         gsi1sk
DELIVERY     RATES  the whole table of zones and rates
POINT#<id>   POINT  a pick-up point                          POINTS#<city>  <id>

The table is one row: quotes read it with the cart in one round trip, and staff change it as a
whole, guarded by its version.
"""

from dataclasses import asdict
from typing import Any

from common import table, versions
from orders.delivery.point import Point
from orders.delivery.rates import Rate, Table, Zone

RATES = table.OWN, "DELIVERY", "RATES"
SK = "POINT"


def rates() -> Table:
    return parse_rates(table.get(*RATES[1:]))


def save_rates(wanted: Table) -> None:
    """Write the table's next version. VersionConflict unless it is the one after what stands."""
    _, pk, sk = RATES
    row = {"pk": pk, "sk": sk, "v": 1, **asdict(wanted)}
    versions.save(row, wanted.version)


def point_key(point_id: str) -> tuple[str, str, str]:
    """Where a point lies, for a read together with other items."""
    return table.OWN, f"POINT#{point_id}", SK


def point(point_id: str) -> Point | None:
    item = table.get(*point_key(point_id)[1:])
    return parse_point(item) if item else None


def points(city: str, limit: int, start: table.Item | None) -> table.Page:
    """The points in *city*, however it is written."""
    return table.query(_city(city), index="gsi1", limit=limit, start=start)


def save_point(wanted: Point) -> None:
    """Write the point's next version. VersionConflict unless it is the one after what stands."""
    _, pk, sk = point_key(wanted.id)
    row: table.Item = {"pk": pk, "sk": sk, "v": 1, **asdict(wanted)}
    versions.save(row | {"gsi1pk": _city(wanted.city), "gsi1sk": wanted.id}, wanted.version)


def remove_point(point_id: str) -> None:
    """Delete the point, if there is one."""
    table.commit(table.delete(*point_key(point_id)[1:], condition=None))


def parse_rates(item: table.Item | None) -> Table:
    return Table(item["version"], tuple(map(_zone, item["zones"]))) if item else Table(0, ())


def parse_point(item: table.Item) -> Point:
    return Point(**{name: item[name] for name in Point.__slots__})


def _zone(item: dict[str, Any]) -> Zone:
    return Zone(
        item["name"],
        item["country"],
        tuple(item["postal_prefixes"]),
        tuple(item["cities"]),
        tuple(Rate(**rate) for rate in item["rates"]),
    )


def _city(city: str) -> str:
    return f"POINTS#{city.casefold()}"
