"""What is counted of which event, and over which days. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from common import fields
from common.errors import Invalid
from common.events import Event
from common.events.auth import CustomerRegistered
from common.events.loyalty import PointsAccrued
from common.events.notify import MessageSent
from common.events.orders import OrderCancelled, OrderDelivered, OrderPlaced
from common.events.pickup import OrderUncollected
from common.events.support import TicketOpened
from common.language import Text

LONGEST_DAYS = 366
USUAL_DAYS = 30

fields.REASONS["after_the_last_day"] = Text(
    ru="Первый день позже последнего.", en="The first day is after the last."
)
fields.REASONS["period_too_long"] = Text(
    ru=f"Не больше {LONGEST_DAYS} дней.", en=f"No more than {LONGEST_DAYS} days."
)

type Counts = Mapping[str, int]

# Every counter, and how much each event adds to it.
COUNTED: dict[type[Event], Callable[[Any], Counts]] = {
    CustomerRegistered: lambda _: {"registrations": 1},
    OrderPlaced: lambda _: {"orders": 1},
    OrderDelivered: lambda order: {
        "orders_delivered": 1,
        "revenue_minor": order.total_minor,
    },
    OrderCancelled: lambda _: {"orders_cancelled": 1},
    OrderUncollected: lambda _: {"orders_cancelled": 1},
    PointsAccrued: lambda accrued: {"points_accrued": accrued.points},
    MessageSent: lambda _: {"letters": 1},
    TicketOpened: lambda _: {"tickets": 1},
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]


def counts(event: Event) -> Counts:
    """What *event* adds to its day."""
    return COUNTED[type(event)](event)


def period(first: str | None, last: str | None, today: date) -> Period:
    """The days asked for: by default the usual number up to the last one, or up to today.

    Invalid for days that do not exist, in the wrong order, or too many.
    """
    until = _day("query.to", last) if last else today
    since = _day("query.from", first) if first else until - timedelta(USUAL_DAYS - 1)
    if since > until:
        raise _invalid("query.from", "after_the_last_day")
    if (until - since).days >= LONGEST_DAYS:
        raise _invalid("query.from", "period_too_long")
    return Period(since, until)


def total(days: Mapping[date, Counts]) -> dict[str, int]:
    """The sum of all *days*, counter by counter."""
    summed: dict[str, int] = {}
    for counted in days.values():
        for name, amount in counted.items():
            summed[name] = summed.get(name, 0) + amount
    return summed


def average_order(counted: Counts) -> int | None:
    """What a delivered order brought on average, in whole minor units; None without orders."""
    delivered = counted.get("orders_delivered", 0)
    return counted.get("revenue_minor", 0) // delivered if delivered else None


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as malformed:
        raise _invalid(field, "no_such_day") from malformed


def _invalid(field: str, code: str) -> Invalid:
    return Invalid(errors=[{"field": field, "code": code}])
