"""HTTP routes of insights, for staff."""

import os
from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, clock
from common import api as shell
from insights import counts, store

api = shell.create()

DAY = r"^2[0-9]{3}-[0-9]{2}-[0-9]{2}$"
First = Annotated[str | None, Query(alias="from", pattern=DAY, description="First day")]
Last = Annotated[str | None, Query(alias="to", pattern=DAY, description="Last day, included")]


class CountsView(shell.View):
    """What happened; revenue is the money of delivered orders."""

    registrations: int = 0
    orders: int = 0
    orders_delivered: int = 0
    orders_cancelled: int = 0
    revenue_minor: int = 0
    average_order_minor: int | None
    points_accrued: int = 0
    letters: int = 0
    tickets: int = 0


class DayView(CountsView):
    day: date


class SummaryView(shell.View):
    first_day: date
    last_day: date
    currency: str
    totals: CountsView
    days: list[DayView]


@api.get("/v1/staff/insights/summary")
def summarise(first: First = None, last: Last = None) -> SummaryView:
    """Count what happened, in all and day by day in the shop's time zone: the last 30 days, or
    at most 366 that you name. Counts follow events, so they lag some seconds behind."""
    access.staff(api)
    period = counts.period(first, last, clock.today())
    found = store.days(period)
    return SummaryView(
        first_day=period.first,
        last_day=period.last,
        currency=os.environ["CURRENCY"],
        totals=CountsView(**_shown(counts.total(found))),
        days=[DayView(day=day, **_shown(found.get(day, {}))) for day in period.days()],
    )


def _shown(counted: counts.Counts) -> dict[str, Any]:
    return {**counted, "average_order_minor": counts.average_order(counted)}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
