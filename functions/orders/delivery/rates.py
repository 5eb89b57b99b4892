"""The shop's own table of delivery: zones, and in each a price by weight. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.addresses.address import Place


@dataclass(frozen=True, slots=True)
class Rate:
    """What a parcel of up to *up_to_grams* costs, and how many days it takes."""

    up_to_grams: int
    price_minor: int
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class Zone:
    """Where its rates hold: postal codes that begin so, cities of that name, or, where it names
    neither, everywhere in *country* that no other zone is."""

    name: str
    country: str
    postal_prefixes: tuple[str, ...]
    cities: tuple[str, ...]
    rates: tuple[Rate, ...]

    def closeness(self, place: Place) -> int:
        """How exactly the zone names *place*; 0 where it is elsewhere."""
        if place.country != self.country:
            return 0
        code = (place.postal_code or "").replace(" ", "")
        prefixes = [len(prefix) for prefix in self.postal_prefixes if code.startswith(prefix)]
        if prefixes:
            return 2 + max(prefixes)
        if place.city.casefold() in map(str.casefold, self.cities):
            return 2
        return 0 if self.postal_prefixes or self.cities else 1

    def rate(self, grams: int) -> Rate | None:
        """The cheapest rate that carries *grams*."""
        able = [rate for rate in self.rates if grams <= rate.up_to_grams]
        return min(able, key=lambda rate: rate.price_minor, default=None)


@dataclass(frozen=True, slots=True)
class Table:
    """All zones; *version* 0 is a table that nobody has written yet."""

    version: int
    zones: tuple[Zone, ...]

    def zone(self, place: Place) -> Zone | None:
        """The zone that names *place* most exactly, of equal ones the first."""
        return _closest(self.zones, place)


def _closest(zones: Sequence[Zone], place: Place) -> Zone | None:
    closest = max(zones, key=lambda zone: zone.closeness(place), default=None)
    return closest if closest and closest.closeness(place) else None
