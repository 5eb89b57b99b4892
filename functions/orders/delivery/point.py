"""Pick-up points. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Where customers fetch their parcels. *hours* is text for people; *version* counts changes."""

    id: str
    name: str
    city: str
    address: str
    hours: str
    price_minor: int
    days_min: int
    days_max: int
    version: int

    def line(self) -> str:
        """Where it is, as an order says it."""
        return f"{self.city}, {self.address} ({self.name})"
