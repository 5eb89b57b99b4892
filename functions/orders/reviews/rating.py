"""What a product's published reviews come to. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rating:
    """How many published reviews give how many stars."""

    stars: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.stars.values())

    @property
    def average(self) -> float | None:
        """The mean to one decimal, None while there is no review."""
        if not self.count:
            return None
        total = sum(stars * count for stars, count in self.stars.items())
        return round(total / self.count, 1)
