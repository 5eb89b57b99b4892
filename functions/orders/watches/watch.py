"""Watches of prices and stock. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.errors import Refusal
from common.language import Text

MOST_WATCHES = 100


class TooManyWatches(Refusal):
    code = "too_many_alerts"
    title = Text(
        ru="Вы следите уже за 100 товарами — сначала уберите лишнее.",
        en="You watch 100 products: stop watching one first.",
    )


class Kind(StrEnum):
    """What is watched for: a price below that of the day the watch began, or that what was sold
    out can be bought again."""

    PRICE = "price-drop"
    STOCK = "back-in-stock"


@dataclass(frozen=True, slots=True)
class Watch:
    """*price_minor* is what the product cost when the watch began."""

    customer_id: str
    kind: Kind
    sku: str
    price_minor: int
    since: datetime
