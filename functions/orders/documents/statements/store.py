"""Wishes for statements in DynamoDB.

pk             sk                what
CUSTOMER#<id>  STATEMENTS#<day>  how many were asked for on that day; two days
"""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from pydantic import BaseModel

from common import clock, idempotency, outbox, table
from common.conditions import Attr
from common.errors import TooManyRequests
from common.events.orders import StatementRequested

# All of the shop's documents wait in one line: nobody may fill it.
MOST_A_DAY = 10


def ask(call: idempotency.Attempt, answer: BaseModel, requested: StatementRequested) -> None:
    """Write the wish with its *answer*. Repeated for a repeated call; TooManyRequests when the
    customer has asked often enough today."""
    day = clock.day_of(requested.occurred_at)
    midnight = clock.begins(day + timedelta(days=1), clock.shop_zone())
    counted = _counted(requested.customer_id, day, midnight + timedelta(days=1))
    try:
        idempotency.commit(call, HTTPStatus.ACCEPTED, answer, counted, outbox.row(requested))
    except table.ConditionFailed as refused:
        left = midnight - requested.occurred_at
        raise TooManyRequests(int(left.total_seconds()) + 1) from refused


def _counted(customer_id: str, day: date, kept_until: datetime) -> table.Write:
    return table.update(
        f"CUSTOMER#{customer_id}",
        f"STATEMENTS#{day.isoformat()}",
        add={"asked": 1},
        assign={"expires_at": int(kept_until.timestamp())},
        condition=Attr("asked").not_exists() | Attr("asked").lt(MOST_A_DAY),
    )
