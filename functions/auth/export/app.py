"""HTTP routes of exports."""

import os
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime

from auth import store as accounts
from auth.export import file_store, store
from auth.export.export import (
    CAPABILITIES,
    LINK_LIVES,
    Export,
    ExportNotReady,
    LinkOver,
    State,
    asked,
)
from common import access, clock, idempotency, ids, links, pages, table
from common import api as shell
from common.errors import NotFound
from common.events.erasure import ExportRequested

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

LINK = "export-link"


class ExportView(shell.View):
    """`parts_done` of `parts` are gathered. The archive can be fetched until it `ends_at`, by a new
    link each time."""

    id: str
    state: State
    requested_at: AwareDatetime
    ends_at: AwareDatetime
    parts: int
    parts_done: int


class ExportsView(shell.View):
    items: list[ExportView]


class LinkView(shell.View):
    """`url` works once, until it `ends_at`; whoever has it has the archive."""

    url: str
    ends_at: AwareDatetime


@router.get("/v1/me/exports")
def list_exports() -> ExportsView:
    """List the archives of your data, newest first; each is kept for a week."""
    caller = access.customer(router)
    return ExportsView(items=[_view(one) for one in store.every(caller.id)])


@router.post("/v1/me/exports", responses=shell.shown(ExportView, HTTPStatus.ACCEPTED))
def ask_for_export(key: idempotency.Key) -> Response[Any]:
    """Ask for an archive of all that is kept of you; a letter tells when it is ready.

    Asks for a step-up for `export`. One is made at a time, and three a day.
    """
    caller = access.customer(router)
    _prove(caller)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "me/exports", key, shell.Body())
    begin = partial(table.retried, partial(_begin, call, caller.id))
    return idempotency.once(call, shell.language(router), begin)


@router.get("/v1/me/exports/<export_id>")
def show_export(export_id: shell.Id) -> ExportView:
    """Show how far an archive got."""
    return _view(_find(access.customer(router), export_id))


@router.post("/v1/me/exports/<export_id>/link", responses=shell.shown(LinkView, HTTPStatus.CREATED))
def make_link(export_id: shell.Id) -> Response[Any]:
    """Make a link that fetches the archive once; an earlier one works no longer.

    Asks for a step-up for `export`.
    """
    caller = access.customer(router)
    found, ends_at = _find(caller, export_id), clock.now() + LINK_LIVES
    _prove(caller)
    if found.state is not State.READY:
        raise ExportNotReady
    token = links.draw(caller.id, found.id)
    store.link(found, links.hashed(LINK, token), ends_at)
    url = f"{os.environ['PUBLIC_URL']}/v1/exports/{token}"
    return shell.answer(LinkView(url=url, ends_at=ends_at), HTTPStatus.CREATED)


@router.get("/v1/exports/<export_token>", responses={303: {"description": "Where the archive is"}})
def fetch_export(export_token: pages.Token) -> Response[Any]:
    """Lead to the archive, once. The link was given to its owner only, so no token is asked for."""
    named = links.named(export_token)
    if named is None:
        raise LinkOver
    found = store.use_link(*named, links.hashed(LINK, export_token))
    where = {"Location": file_store.url(found), "Referrer-Policy": "no-referrer"}
    return Response(HTTPStatus.SEE_OTHER, headers=dict(where))


def _prove(caller: access.Caller) -> None:
    _, session = accounts.account_and_session(caller)
    access.require_proof(session, access.Act.EXPORT, clock.now())


def _find(caller: access.Caller, export_id: str) -> Export:
    found = store.find(caller.id, export_id)
    if found is None:
        raise NotFound
    return found


def _begin(call: idempotency.Attempt, customer_id: str) -> tuple[HTTPStatus, ExportView]:
    now = clock.now()
    begun = asked(ids.new(now), customer_id, now)
    after = store.shelf(customer_id).taking(begun)
    store.begin(call, _view(begun), after, begun, _requested(begun))
    return HTTPStatus.ACCEPTED, _view(begun)


def _requested(begun: Export) -> ExportRequested:
    return ExportRequested(
        id=ids.derived(begun.id, ExportRequested.name),
        occurred_at=begun.requested_at,
        customer_id=begun.customer_id,
        export_id=begun.id,
    )


def _view(one: Export) -> ExportView:
    return ExportView(
        id=one.id,
        state=one.state,
        requested_at=one.requested_at,
        ends_at=one.ends_at,
        parts=len(CAPABILITIES),
        parts_done=len(one.parts),
    )
