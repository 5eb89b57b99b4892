"""The nightly look at yesterday's payments: provider and ledger should say the same."""

from datetime import date, timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock
from common.logs import count, logger
from orders.order.bill import Status
from orders.payments import client
from orders.payments.provider import Seen
from orders.payments.reconciliation import store
from orders.payments.reconciliation.difference import Difference


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Entry of the night's schedule: yesterday in the shop's zone, or the `day` asked for."""
    asked = event.get("day")
    day = date.fromisoformat(asked) if asked else clock.today() - timedelta(days=1)
    found, compared = _differences(day)
    store.save(day, compared, found, clock.now())
    count("PaymentsDiffer", len(found))
    for one in found:
        logger.warning("payment differs", reference=one.reference)
    return {"compared": compared, "differences": len(found)}


def _differences(day: date) -> tuple[list[Difference], int]:
    provider = client.provider()
    seen = {one.reference: one for one in provider.made_on(day)}
    missed = [name for name in store.asked_on(day) if name not in seen]
    references = [*seen, *missed]
    found = []
    for name in references:
        told = _kept(seen.get(name) or provider.find(name))
        booked = store.kept_of(name)
        if told != booked:
            found.append(Difference(name, told, booked))
    return found, len(references)


def _kept(seen: Seen | None) -> int:
    if seen is None or seen.status is not Status.CAPTURED:
        return 0
    return seen.captured_minor - seen.refunded_minor
