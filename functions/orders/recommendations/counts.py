"""Counts of what is bought, bounded by the rule "space saving" (Metwally and others, 2005). Pure.

A row keeps MOST_KEPT products at most. One more takes the place, and the count, of the rarest: so
counts are never too low, the ones too high are those at the end of the list, and whatever is bought
often enough is on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

MOST_KEPT = 40


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many *orders* a thing was, and in how many of them each other product was too.
    Version 0 was never written."""

    orders: int = 0
    products: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    def counting(self, skus: Iterable[str]) -> "Counts":
        """With one order more, in which *skus* were."""
        kept = dict(self.products)
        for sku in skus:
            kept[sku] = 1 + (kept[sku] if sku in kept else _room(kept))
        return replace(self, orders=self.orders + 1, products=kept, version=self.version + 1)


def _room(kept: dict[str, int]) -> int:
    """Make room for one more; how often what went was counted."""
    if len(kept) < MOST_KEPT:
        return 0
    rarest = min(kept, key=lambda sku: (kept[sku], sku))
    return kept.pop(rarest)
