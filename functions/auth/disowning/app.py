"""HTTP routes behind "this was not me": no token of a session, no cookie, no question who is
there. Whoever has the link can close the account, and open nothing."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from auth import client
from auth.challenge.challenge import Challenge
from auth.disowning import disowning, page
from auth.recovery.app import RECOVERIES, RecoveryView
from common import api as shell
from common import clock, not_me

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
PAGE: dict[int, Any] = {200: {"description": "A page for people", "content": {"text/html": {}}}}
LinkToken = Annotated[str, Path(pattern="^[a-z0-9-]{1,100}$")]


class NotMeRequest(shell.Body):
    token: Annotated[str, Field(min_length=1, max_length=100)]


@router.post("/v1/auth/not-me", responses=shell.shown(RecoveryView, HTTPStatus.ACCEPTED))
def disown(request: NotMeRequest) -> Response[Any]:
    """Say by the token of a letter's link that a sign-in was not yours: all sessions end, the
    password works no more, and a code to set a new one is on its way, as for a recovery.

    The same again is the same answer and changes nothing.
    """
    begun = _disown(request.token)
    expires_in = int(begun.valid_for.total_seconds())
    view = RecoveryView(recovery_id=begun.id, expires_in=expires_in)
    return shell.answer(view, HTTPStatus.ACCEPTED)


@router.get("/v1/auth/not-me/<link_token>", responses=PAGE)
def show_link(link_token: LinkToken) -> Response[str]:
    """Show the page that a letter's link opens. Nothing changes: scanners follow links too."""
    not_me.unseal(link_token, clock.now())
    return _page(page.asking(shell.language(router)))


@router.post("/v1/auth/not-me/<link_token>", responses=PAGE)
def disown_by_page(link_token: LinkToken) -> Response[str]:
    """The page's button: the same as `POST /v1/auth/not-me`, answered by a page."""
    _disown(link_token)
    return _page(page.done(shell.language(router)))


def without_form(event: dict[str, Any]) -> dict[str, Any]:
    """*event* without the form that the page's button posts: it says nothing that the path does
    not."""
    if event.get("rawPath", "").startswith(not_me.PATH):
        return {name: value for name, value in event.items() if name != "body"}
    return event


def _disown(token: str) -> Challenge:
    client.take(router, RECOVERIES)
    now = clock.now()
    link = not_me.unseal(token, now)
    return disowning.disown(link, shell.language(router), client.network_of(router), now)


def _page(html: str) -> Response[str]:
    policy = {"Content-Security-Policy": POLICY}
    return Response(200, "text/html; charset=utf-8", html, headers=dict(policy))
