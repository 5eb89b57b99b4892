"""When a customer will need something again, by their own rhythm. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.purchases.purchase import Purchase

# Twice may be chance; three times is a habit.
LEAST_TIMES = 3
# A rhythm shorter than a day is one purchase in parts.
LEAST_RHYTHM = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Need:
    """The product *sku* is bought *every* so often, so the next time is *due*."""

    sku: str
    every: timedelta
    due: datetime


def needs(purchases: Iterable[Purchase]) -> list[Need]:
    """What is bought again and again, by when it is needed next: the mean time between purchases
    after the last one."""
    found = [_need(bought) for bought in purchases if bought.times >= LEAST_TIMES]
    return sorted((n for n in found if n.every >= LEAST_RHYTHM), key=lambda need: need.due)


def _need(bought: Purchase) -> Need:
    every = (bought.last - bought.first) / (bought.times - 1)
    return Need(bought.sku, every, bought.last + every)
