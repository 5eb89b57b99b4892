"""The prices that a product had: what the law calls the prior price of a reduction. Pure.

Whoever announces a lower price names the lowest one of the 30 days before it came into force
(Directive 98/6/EC, article 6a). Kept by days: the lowest price of each day on which one ended.
"""

from collections.abc import Mapping
from datetime import date, timedelta

KEPT = timedelta(days=30)

type PastPrices = Mapping[date, int]


def noted(past: PastPrices, price_minor: int, day: date) -> PastPrices:
    """*past*, once *price_minor* was replaced on *day*; at most 31 days of it."""
    kept = {ended: price for ended, price in past.items() if ended >= day - KEPT}
    return kept | {day: min(price_minor, kept.get(day, price_minor))}


def lowest(past: PastPrices, day: date) -> int | None:
    """The lowest price of the 30 days before the present one came into force; None when that is
    longer ago than 30 days on *day*, or never was."""
    if not past or max(past) < day - KEPT:
        return None
    return min(past.values())
