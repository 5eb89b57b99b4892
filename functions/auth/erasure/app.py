"""HTTP routes of the wish to be erased."""

import os
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime

from auth import store as accounts
from auth.erasure import store
from auth.erasure.erasure import Erasure, State
from common import access, clock, idempotency, ids, table
from common import api as shell
from common.errors import NotFound, Refusal
from common.events.erasure import ErasureCancelled, ErasureRequested
from common.language import Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class ErasureUnderWay(Refusal):
    """The account is being erased: there is nothing to take back any longer."""

    code = "erasure_under_way"
    title = Text(
        ru="Аккаунт уже удаляется, отменить это нельзя.",
        en="The account is being erased already, which cannot be undone.",
    )


class ErasureView(shell.View):
    """`obstacles` say why it was put off by a day: `open_order`, `open_return`,
    `negative_balance`, `pending_top_up`.

    `GET /v1/auth/erasures/{id}` shows how it goes on when the account is gone.
    """

    id: str
    state: State
    requested_at: AwareDatetime
    due_at: AwareDatetime
    obstacles: list[str]


@router.get("/v1/me/erasure")
def show_erasure() -> ErasureView:
    """Show whether you asked to be erased, and when that is due."""
    return _view(_asked(access.customer(router).id))


@router.post("/v1/me/erasure", responses=shell.shown(ErasureView, HTTPStatus.ACCEPTED))
def ask_for_erasure(key: idempotency.Key) -> Response[Any]:
    """Ask that your account and all that is known of you be erased.

    You may take it back while it is `waiting`. Asks for a step-up for `erasure`; asking again
    changes nothing.
    """
    caller, now = access.customer(router), clock.now()
    _, session = accounts.account_and_session(caller)
    access.require_proof(session, access.Act.ERASURE, now)
    due = now + timedelta(days=int(os.environ["ERASURE_DAYS"]))
    begun = Erasure(ids.new(now), caller.id, now, due, due)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "me/erasure", key, shell.Body())
    return idempotency.once(call, shell.language(router), partial(_begin, call, begun))


@router.delete("/v1/me/erasure", responses={204: {"description": "You stay"}})
def stay() -> Response[Any]:
    """Take back the wish to be erased: everything stays as it was."""
    caller = access.customer(router)
    access.check_session(caller)
    table.retried(partial(_undo, caller.id))
    return Response(HTTPStatus.NO_CONTENT)


def _begin(call: idempotency.Attempt, begun: Erasure) -> tuple[HTTPStatus, ErasureView]:
    view = _view(begun)
    if store.begin(call, view, begun, _requested(begun)):
        return HTTPStatus.ACCEPTED, view
    return HTTPStatus.ACCEPTED, _view(_asked(begun.customer_id))


def _undo(customer_id: str) -> None:
    asked = _asked(customer_id)
    if not asked.can_be_undone:
        raise ErasureUnderWay
    store.undo(asked, _cancelled(asked, clock.now()))


def _asked(customer_id: str) -> Erasure:
    found = store.of_customer(customer_id)
    if found is None:
        raise NotFound
    return found


def _requested(begun: Erasure) -> ErasureRequested:
    return ErasureRequested(
        id=ids.derived(begun.id, ErasureRequested.name),
        occurred_at=begun.requested_at,
        customer_id=begun.customer_id,
        erasure_id=begun.id,
        due_at=begun.due_at,
    )


def _cancelled(asked: Erasure, now: datetime) -> ErasureCancelled:
    return ErasureCancelled(
        id=ids.derived(asked.id, ErasureCancelled.name),
        occurred_at=now,
        customer_id=asked.customer_id,
        erasure_id=asked.id,
    )


def _view(asked: Erasure) -> ErasureView:
    return ErasureView(
        id=asked.id,
        state=asked.state,
        requested_at=asked.requested_at,
        due_at=asked.due_at,
        obstacles=list(asked.obstacles),
    )
