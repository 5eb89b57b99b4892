"""HTTP route by which a customer asks for a statement of their money."""

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from itertools import islice
from typing import Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from common import access, clock, fields, guests, idempotency, ids
from common import api as shell
from common.errors import Invalid, Refusal
from common.events.orders import StatementRequested
from common.fields import Day
from common.language import Text
from orders.documents.document import Kind, identify
from orders.documents.statement import FIRST_YEAR, LONGEST, MOST_MOVEMENTS, Period
from orders.documents.statements import store
from orders.documents.views import StatementView
from orders.wallet import transaction_store as transactions

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

fields.REASONS["no_such_period"] = Text(
    ru="Период — от раннего дня к позднему, не дольше года.",
    en="A period goes from an earlier day to a later one, through a year at most.",
)
fields.REASONS["day_not_over"] = Text(
    ru="Этот день ещё не закончился.", en="This day is not over yet."
)


class TooManyMovements(Refusal):
    """More movements than a statement holds."""

    code = "too_many_movements"
    title = Text(
        ru="За этот период слишком много операций. Выберите период короче.",
        en="There are too many movements in this period. Choose a shorter one.",
    )


class StatementBody(shell.Body):
    """The first and the last day of the statement, both over."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _is_a_period(self) -> Self:
        days = self.last - self.first
        if self.first.year < FIRST_YEAR or not timedelta() <= days < LONGEST:
            raise PydanticCustomError("no_such_period", "no period of a year at most")
        return self


@router.post("/v1/documents/statements", responses=shell.shown(StatementView, HTTPStatus.ACCEPTED))
def ask_for_statement(request: StatementBody, key: idempotency.Key) -> Response[Any]:
    """Ask for a statement of one's money; a letter tells when it is ready."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "documents/statements", key, request)
    ask = partial(_ask, call, caller, request)
    return idempotency.once(call, shell.language(router), ask)


def _ask(
    call: idempotency.Attempt, caller: access.Caller, request: StatementBody
) -> tuple[HTTPStatus, StatementView]:
    guests.get_live(caller)  # Unauthorized when the session has ended
    if request.last >= clock.today():
        raise Invalid(errors=[{"field": "body.last", "code": "day_not_over"}])
    period = Period(request.first, request.last).bounds(clock.shop_zone())
    movements = transactions.every(caller.id, *period)
    if len(list(islice(movements, MOST_MOVEMENTS + 1))) > MOST_MOVEMENTS:
        raise TooManyMovements(most=MOST_MOVEMENTS)
    requested = _requested(caller, request)
    document_id = identify(requested.id, Kind.STATEMENT, requested.occurred_at)
    view = StatementView(id=document_id)
    store.ask(call, view, requested)
    return HTTPStatus.ACCEPTED, view


def _requested(caller: access.Caller, request: StatementBody) -> StatementRequested:
    now = clock.now()
    return StatementRequested(
        id=ids.new(now),
        occurred_at=now,
        customer_id=caller.id,
        first=request.first,
        last=request.last,
    )
