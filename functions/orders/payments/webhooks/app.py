"""The HTTP route that payment providers call.

A message only says which payment to look at: what became of it is asked of the provider, so order,
age and repetition of messages do not matter.
"""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path

from common import clock, table
from common.errors import Busy, NotFound, Unauthorized
from common.logs import logger
from orders.order import store as orders
from orders.payments import client
from orders.payments import settling_store as settling
from orders.payments.provider import TOP_UP, NoAnswer, NotGenuine, Seen
from orders.wallet import store as top_ups

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Name = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]


@router.post("/v1/payments/webhooks/<provider>", responses={200: {"description": "Taken note of"}})
def hear(provider: Name) -> Response[Any]:
    """Take note of what the shop's payment provider tells."""
    asked = client.provider()
    if provider != asked.name:
        raise NotFound
    event = router.current_event
    headers = {name.lower(): value for name, value in event.headers.items()}
    try:
        reference = asked.heard(headers, event.body or "", clock.now())
        seen = asked.find(reference) if reference else None
    except NotGenuine as refused:
        raise Unauthorized from refused
    except NoAnswer as silence:
        raise Busy from silence
    if seen:
        table.retried(lambda: _settle(seen))
    else:
        logger.info("webhook about nothing of ours")
    return Response(HTTPStatus.OK, "application/json", "{}")


def _settle(seen: Seen) -> None:
    kind, subject, part = seen.reference.split(".")
    if kind == TOP_UP:
        one = top_ups.find(subject, part)
        after = one.settled(seen) if one else None
        writes = top_ups.settled(after, clock.now()) if after else []
    else:
        settled = settling.settled(orders.find_now(subject), seen, clock.now())
        writes = settled[1] if settled else []
    if writes:
        table.commit(*writes)
