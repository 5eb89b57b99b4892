"""HTTP routes of sessions."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from auth import answers, tokens
from auth.session import ending, rotation
from common import api as shell
from common import clock

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class RefreshRequest(shell.Body):
    refresh_token: Annotated[str, Field(max_length=128)]


@router.post("/v1/auth/refresh")
def refresh(request: RefreshRequest) -> answers.TokensView:
    """Exchange a refresh token for the next one and a fresh access token.

    Within thirty seconds the same token gives the same next one, so a lost answer does no harm;
    used later, it ends the session.
    """
    now = clock.now()
    session_id, generation = tokens.read_refresh_token(request.refresh_token)
    return answers.tokens_of(rotation.renewed(session_id, generation, now), now)


@router.post("/v1/auth/sign-out", responses={204: {"description": "The session has ended"}})
def sign_out() -> Response[Any]:
    """End the session of the access token, everywhere; again is fine."""
    holder = tokens.holder(router.current_event.headers.get("authorization"))
    ending.sign_out(holder, clock.now())
    return Response(HTTPStatus.NO_CONTENT)
