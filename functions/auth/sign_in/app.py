"""HTTP routes of signing in."""

import os
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from auth import answers, client, logins
from auth.challenge.codes import Code
from auth.client import DeviceName
from auth.password.passwords import Password
from auth.sign_in import authentication
from auth.sign_in.authentication import Shown
from common import api as shell
from common import clock, idempotency, limits

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
SIGN_INS = limits.Limit("sign-in", 60, 15 * 60)
SIGN_IN_CODES = limits.Limit("sign-in-codes", 20, 60 * 60)


class SignInRequest(shell.Body):
    login: client.Login
    password: Password
    totp_code: Code | None = None
    device_name: DeviceName | None = None


class CodeRequest(shell.Body):
    login: client.Login


class CodeView(shell.View):
    challenge_id: str
    expires_in: Annotated[int, Field(description="Seconds for which the code is valid")]


class ConfirmRequest(shell.Body):
    code: Code
    totp_code: Code | None = None
    device_name: DeviceName | None = None


@router.post("/v1/auth/sign-in")
def sign_in(request: SignInRequest) -> answers.CustomerTokensView | answers.StaffTokensView:
    """Sign in by login (an e-mail address or a phone) and password; who has a second factor, and
    all staff, show a one-time code too. Where it is unusual and there is no second factor,
    `confirmation_required` names a challenge whose code signs in instead."""
    client.take(router, SIGN_INS)
    now = clock.now()
    login = logins.canonical(request.login, client.countries()) or request.login
    shown = _shown(request)
    return answers.entrance(authentication.by_password(login, request.password, shown, now), now)


@router.post("/v1/auth/sign-in/codes", responses=shell.shown(CodeView, HTTPStatus.ACCEPTED))
def ask_code(
    request: CodeRequest, idempotency_key: idempotency.OptionalKey = None
) -> Response[Any]:
    """Ask for a one-time code to sign in by, at the login: a letter or an SMS brings it.

    The answer is the same whether there is such a login or not.
    """
    client.take(router, SIGN_IN_CODES)
    login = client.reached(request.login)
    network = client.network_of(router)
    asked, repeated = authentication.ask_code(
        login, shell.language(router), network, idempotency_key, clock.now()
    )
    expires_in = int(asked.valid_for.total_seconds())
    view = CodeView(challenge_id=asked.id, expires_in=expires_in)
    headers = {"Idempotent-Replayed": "true"} if repeated else {}
    return shell.answer(view, HTTPStatus.ACCEPTED, headers)


@router.post("/v1/auth/sign-in/codes/<challenge_id>/confirm")
def confirm_code(challenge_id: shell.Id, request: ConfirmRequest) -> answers.CustomerTokensView:
    """Sign in by the code that the login got; who has a second factor shows its code too."""
    client.take(router, SIGN_INS)
    now = clock.now()
    session = authentication.by_code(challenge_id, request.code, _shown(request), now)
    return answers.customers(session, now)


def _shown(request: SignInRequest | ConfirmRequest) -> Shown:
    return Shown(
        network=client.network_of(router),
        device=client.device(router, request.device_name),
        totp_code=request.totp_code,
        language=shell.language(router),
        second_factor_waived=os.environ["STAFF_SECOND_FACTOR"] == "off",
    )
