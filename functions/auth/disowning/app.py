"""HTTP routes behind "this was not me": no token of a session, no cookie, no question who is
there. Whoever has the link can close the account, and open nothing."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from auth.challenge.challenge import Challenge
from auth.disowning import disowning, page
from auth.recovery.app import RECOVERIES, RecoveryView
from common import api as shell
from common import clock, networks, not_me, pages

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


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


@router.get("/v1/auth/not-me/<link_token>", responses=pages.ANSWER)
def show_link(link_token: pages.Token) -> Response[str]:
    """Show the page that a letter's link opens. Nothing changes: scanners follow links too."""
    not_me.unseal(link_token, clock.now())
    return pages.answer(page.asking(shell.language(router)))


@router.post("/v1/auth/not-me/<link_token>", responses=pages.ANSWER)
def disown_by_page(link_token: pages.Token) -> Response[str]:
    """The page's button: the same as `POST /v1/auth/not-me`, answered by a page."""
    _disown(link_token)
    return pages.answer(page.done(shell.language(router)))


def _disown(token: str) -> Challenge:
    networks.take(router, RECOVERIES)
    now = clock.now()
    link = not_me.unseal(token, now)
    return disowning.disown(link, shell.language(router), networks.of(router), now)
