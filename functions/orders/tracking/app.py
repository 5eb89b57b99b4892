"""The HTTP route that carriers call.

    POST /v1/carriers/<carrier>/events
    Kabinet-Signature: t=…,v1=…                     (see `delivery.signature`)
    {"id": "…", "tracking_number": "…", "status": "in_transit", "at": "…", "place": "Kazan"}

A tiding counts once, by its id, and by its own moment, so order, age and repetition of messages do
not matter. What nobody knows is taken note of and forgotten.
"""

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime, Field, ValidationError

from common import clock, table
from common.errors import Invalid, Unauthorized
from common.events import Contract
from common.fields import Line, rule
from common.logs import logger
from orders.delivery import carrier as carriers
from orders.delivery import signature
from orders.order import parcel_store as parcels
from orders.order import store
from orders.order.body import CARRIER, TrackingNumber
from orders.order.parcel import Status, Tiding

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Carrier = Annotated[str, Path(pattern=CARRIER)]


class Word(Contract):
    """What a carrier tells of a parcel."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    tracking_number: TrackingNumber
    status: Status
    at: AwareDatetime
    place: Line | None = None

    def tiding(self, now: datetime) -> Tiding:
        """Nothing has happened later than it is told."""
        return Tiding(self.id, self.status, min(self.at, now), self.place)


@router.post("/v1/carriers/<carrier>/events", responses={200: {"description": "Taken note of"}})
def hear(carrier: Carrier) -> Response[Any]:
    """Take note of what a carrier tells of a parcel; the order moves on with its last one."""
    now = clock.now()
    word = _genuine(now)
    named = carrier, word.tracking_number
    found = parcels.orders(*named)
    for order_id in found:
        table.retried(partial(_note, order_id, named, word.tiding(now), now))
    if not found:
        logger.info("tiding of no parcel of ours", carrier=carrier)
    return Response(HTTPStatus.OK, "application/json", "{}")


def _genuine(now: datetime) -> Word:
    """What the message says. Unauthorized unless the carrier signed it, and lately."""
    event = router.current_event
    headers = {name.lower(): value for name, value in event.headers.items()}
    body, signed = event.body or "", headers.get(signature.HEADER.lower())
    if not signature.is_genuine(carriers.key(), body, signed, now):
        raise Unauthorized
    try:
        return Word.model_validate_json(body)
    except ValidationError as refused:
        raise Invalid(errors=list(map(_wrong, refused.errors()))) from refused


def _wrong(error: Any) -> dict[str, str]:
    return {"field": ".".join(map(str, ("body", *error["loc"]))), "code": rule(error)}


def _note(order_id: str, named: tuple[str, str], tiding: Tiding, now: datetime) -> None:
    order = store.find_now(order_id)
    after = order.tracked(named, tiding)
    if after is order:
        return
    goal = after.brought_to
    moved = after.moved(goal, now) if goal else after
    reached = store.reached(order, moved) if goal else []
    table.commit(store.replaced(order, moved), *reached)
