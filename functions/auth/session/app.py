"""HTTP routes of sessions."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from auth import answers, tokens
from auth.session import ending, listing, rotation
from auth.session.session import Session
from common import access, clock
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class SessionView(shell.View):
    """A session: on what device, from what network as its coarse place, since when."""

    id: str
    device_name: str | None
    platform: str | None
    place: str
    began_at: AwareDatetime
    last_seen_at: AwareDatetime
    current: bool


class SessionsView(shell.View):
    items: list[SessionView]


class EndedView(shell.View):
    ended: Annotated[int, Field(description="How many other sessions have ended")]


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


@router.get("/v1/auth/sessions")
def show_sessions() -> SessionsView:
    """Where the account is signed in, the newest first; twenty at most."""
    caller = access.anyone(router)
    items = [_view(session, caller.session_id) for session in listing.of(caller, clock.now())]
    return SessionsView(items=items)


@router.delete("/v1/auth/sessions")
def end_other_sessions() -> EndedView:
    """End all sessions of the account but this one."""
    return EndedView(ended=ending.revoke_others(access.anyone(router), clock.now()))


@router.delete(
    "/v1/auth/sessions/<session_id>", responses={204: {"description": "The session has ended"}}
)
def end_session(session_id: shell.Id) -> Response[Any]:
    """End one session of the account."""
    ending.revoke_one(access.anyone(router), session_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


def _view(session: Session, current: str) -> SessionView:
    return SessionView(
        id=session.id,
        device_name=session.device.name,
        platform=session.device.platform,
        place=session.device.place,
        began_at=session.started_at,
        last_seen_at=session.last_seen_at,
        current=session.id == current,
    )
