"""What a sign-in is answered with: the tokens of a session."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from auth import tokens
from auth.session.session import Session
from common import api as shell
from common.access import Role


class TokensView(shell.View):
    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - a name (RFC 6750)
    expires_in: int = tokens.EXPIRES_IN_SECONDS


class CustomerTokensView(TokensView):
    customer_id: str


class StaffTokensView(TokensView):
    staff_id: str


def begun(
    view: shell.View, *, repeated: bool, status: HTTPStatus = HTTPStatus.ACCEPTED
) -> Response[Any]:
    """The answer that something has begun; whether an earlier call under the same key began it."""
    return shell.answer(view, status, {"Idempotent-Replayed": "true"} if repeated else {})


def tokens_of(session: Session, at: datetime) -> TokensView:
    """The next tokens of a session that was seen alive at that moment."""
    return TokensView(**_tokens(session, at))


def customers(session: Session, at: datetime) -> CustomerTokensView:
    """The first tokens of a customer's session."""
    return CustomerTokensView(**_tokens(session, at), customer_id=session.subject_id)


def entrance(session: Session, at: datetime) -> CustomerTokensView | StaffTokensView:
    """The first tokens of a session, and whose it is."""
    if session.role is Role.CUSTOMER:
        return customers(session, at)
    return StaffTokensView(**_tokens(session, at), staff_id=session.subject_id)


def _tokens(session: Session, at: datetime) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token(session.subject_id, session.id, session.role, at),
        "refresh_token": tokens.refresh_token(session.id, session.generation),
    }
