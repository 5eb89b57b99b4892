"""What a statement says: the movements of a customer's money in some days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from common import clock
from orders.documents import words
from orders.documents.document import Content, Kind, Row, Seller
from orders.order.number import number
from orders.wallet.transaction import Transaction

# Nothing was sold before.
FIRST_YEAR, LAST_YEAR = 2020, 2100
LONGEST = timedelta(days=366)
# What a reader still looks through, and a row of the table still holds.
MOST_MOVEMENTS = 500


@dataclass(frozen=True, slots=True)
class Period:
    """The days from *first* to *last*, both meant."""

    first: date
    last: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The moment with which it begins, and the one before which it ends."""
        end = self.last + timedelta(days=1)
        return clock.begins(self.first, zone), clock.begins(end, zone)

    def __str__(self) -> str:
        return f"{self.first:%d.%m.%Y}–{self.last:%d.%m.%Y}"


def statement(
    customer_id: str,
    seller: Seller,
    period: Period,
    movements: Iterable[Transaction],
    currency: str,
    day: date,
    zone: ZoneInfo,
) -> Content:
    return Content(
        kind=Kind.STATEMENT,
        seller=seller,
        day=day,
        customer_id=customer_id,
        order_id=None,
        about=str(period),
        currency=currency,
        tax_percent=0,
        rows=tuple(_row(one, zone) for one in movements),
    )


def _row(one: Transaction, zone: ZoneInfo) -> Row:
    name = f"{words.MOVEMENTS[one.kind]}, {words.METHODS[one.by]}"
    about = f", заказ {number(one.order_id)}" if one.order_id else ""
    day = one.at.astimezone(zone).date()
    return Row(name + about, 1, one.amount_minor, one.amount_minor, 0, day)
