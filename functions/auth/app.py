"""HTTP routes of auth."""

import os
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from auth import authentication, enrolment, network, passwords, rotation, store, tokens
from auth.authentication import Credentials
from auth.codes import Code
from auth.passwords import NewPassword, Password
from auth.registration import VALID, TimeZone
from auth.sessions import Session
from common import api as shell
from common import clock, idempotency, limits
from common.access import Role
from common.emails import Email, canonical
from common.errors import Invalid
from common.language import Language

api = shell.create()

# Of one address of the network.
REGISTRATIONS = limits.Limit("registrations", 30, 60 * 60)
SIGN_INS = limits.Limit("sign-in", 60, 15 * 60)

OptionalKey = Annotated[
    str | None,
    idempotency.key_header(description="With it, the same call again is the same registration."),
]


class RegistrationRequest(shell.Body):
    email: Email
    password: NewPassword
    language: Language | None = None
    time_zone: TimeZone | None = None


class RegistrationView(shell.View):
    registration_id: str
    expires_in: Annotated[int, Field(description="Seconds for which the code is valid")]


class ConfirmRequest(shell.Body):
    code: Code


class SignInRequest(shell.Body):
    login: Annotated[str, Field(min_length=1, max_length=254)]
    password: Password
    totp_code: Code | None = None


class RefreshRequest(shell.Body):
    refresh_token: Annotated[str, Field(max_length=128)]


class TokensView(shell.View):
    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - a name (RFC 6750)
    expires_in: int = tokens.EXPIRES_IN_SECONDS


class CustomerTokensView(TokensView):
    customer_id: str


class StaffTokensView(TokensView):
    staff_id: str


@api.post("/v1/auth/registrations", responses=shell.shown(RegistrationView, HTTPStatus.ACCEPTED))
def register(request: RegistrationRequest, idempotency_key: OptionalKey = None) -> Response[Any]:
    """Ask for an account: a letter brings the code that confirms it.

    The answer is the same whether the address is free or taken. A password has 8 to 128
    characters of any kind; 15 or more are advised.
    """
    _take_of_network(REGISTRATIONS)
    _refuse_guessable(request)
    spoken = request.language or shell.language(api)
    zone = request.time_zone or os.environ["SHOP_TIME_ZONE"]
    asked, repeated = enrolment.ask(
        request.email, request.password, spoken, zone, idempotency_key, clock.now()
    )
    view = RegistrationView(registration_id=asked.id, expires_in=int(VALID.total_seconds()))
    headers = {"Idempotent-Replayed": "true"} if repeated else {}
    return shell.answer(view, HTTPStatus.ACCEPTED, headers)


@api.post(
    "/v1/auth/registrations/<registration_id>/confirm",
    responses=shell.shown(CustomerTokensView, HTTPStatus.CREATED),
)
def confirm(registration_id: shell.Id, request: ConfirmRequest) -> Response[Any]:
    """Prove the address by the code from the letter: the account exists and is signed in."""
    now = clock.now()
    asked = enrolment.prove(registration_id, request.code, now)
    session = enrolment.complete(asked, authentication.source(asked.email, _address()), now)
    view = CustomerTokensView(**_tokens(session, now), customer_id=session.subject_id)
    return shell.answer(view, HTTPStatus.CREATED)


@api.post("/v1/auth/sign-in")
def sign_in(request: SignInRequest) -> CustomerTokensView | StaffTokensView:
    """Sign in by login and password; staff show a one-time code too."""
    _take_of_network(SIGN_INS)
    now = clock.now()
    session = authentication.sign_in(_shown(request), now)
    if session.role is Role.CUSTOMER:
        return CustomerTokensView(**_tokens(session, now), customer_id=session.subject_id)
    return StaffTokensView(**_tokens(session, now), staff_id=session.subject_id)


@api.post("/v1/auth/refresh")
def refresh(request: RefreshRequest) -> TokensView:
    """Exchange a refresh token for the next one and a fresh access token.

    Within thirty seconds the same token gives the same next one, so a lost answer does no harm;
    used later, it ends the session.
    """
    now = clock.now()
    session_id, generation = tokens.read_refresh_token(request.refresh_token)
    return TokensView(**_tokens(rotation.renewed(session_id, generation, now), now))


@api.post("/v1/auth/sign-out", responses={204: {"description": "The session has ended"}})
def sign_out() -> Response[Any]:
    """End the session of the access token, everywhere; again is fine."""
    session_id = tokens.session_of(api.current_event.headers.get("authorization"))
    store.end_session(session_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


def _address() -> str:
    """The caller's network: what the gateway saw, never what a header claims."""
    return network.of(api.current_event.request_context.http.source_ip)


def _take_of_network(limit: limits.Limit) -> None:
    """Count a call of the caller's network, where its address can be told from others'."""
    if os.environ["NETWORK_LIMITS"] == "on":
        limits.take(limit, _address())


def _refuse_guessable(request: RegistrationRequest) -> None:
    context = (os.environ["SHOP_NAME"], request.email, request.email.partition("@")[0])
    if passwords.is_guessable(request.password, context):
        raise Invalid(errors=[{"field": "body.password", "code": "password_guessable"}])


def _shown(request: SignInRequest) -> Credentials:
    return Credentials(
        login=canonical(request.login) or request.login,
        password=request.password,
        address=_address(),
        totp_code=request.totp_code,
        second_factor_waived=os.environ["STAFF_SECOND_FACTOR"] == "off",
    )


def _tokens(session: Session, at: datetime) -> dict[str, str]:
    return {
        "access_token": tokens.access_token(session.subject_id, session.id, session.role, at),
        "refresh_token": tokens.refresh_token(session.id, session.generation),
    }


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
