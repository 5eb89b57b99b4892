"""HTTP routes of signing in."""

import os
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from auth import answers, client, logins
from auth.challenge.codes import Code
from auth.client import DeviceName
from auth.factors.recovery import RecoveryCode
from auth.password.passwords import Password
from auth.sign_in import authentication, second_step
from auth.sign_in.door import Shown
from auth.sign_in.second_step import Given
from common import api as shell
from common import clock, fields, idempotency, limits, networks
from common.language import Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
SIGN_INS = limits.Limit("sign-in", 60, 15 * 60)
SIGN_IN_CODES = limits.Limit("sign-in-codes", 20, 60 * 60)

fields.REASONS["one_second_proof"] = Text(
    ru="Покажите что-то одно: код, который пришёл, код из приложения или код восстановления.",
    en="Show one of them: the code that you got, your app's, or a recovery code.",
)


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


class SecondCodeRequest(shell.Body):
    method: Literal["sms", "voice", "messenger", "email"]


class SecondCodeView(shell.View):
    """The code is on its way by `method` to `to`; it is valid as long as the second step is."""

    method: str
    to: str


class SecondProofRequest(shell.Body):
    """One of them: the `code` that was sent, the authenticator's, or a recovery code."""

    code: Code | None = None
    totp_code: Code | None = None
    recovery_code: RecoveryCode | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "SecondProofRequest":
        if sum(shown is not None for shown in (self.code, self.totp_code, self.recovery_code)) != 1:
            raise PydanticCustomError("one_second_proof", "one second proof")
        return self


@router.post("/v1/auth/sign-in")
def sign_in(request: SignInRequest) -> answers.CustomerTokensView | answers.StaffTokensView:
    """Sign in by login (an e-mail address or a phone) and password; who has a second factor, and
    all staff, show a one-time code too. Who has none is asked for a code to a contact
    of theirs where it is unusual."""
    networks.take(router, SIGN_INS)
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
    networks.take(router, SIGN_IN_CODES)
    login = client.reached(request.login)
    network = networks.of(router)
    asked, repeated = authentication.ask_code(
        login, shell.language(router), network, idempotency_key, clock.now()
    )
    expires_in = int(asked.valid_for.total_seconds())
    view = CodeView(challenge_id=asked.id, expires_in=expires_in)
    return answers.begun(view, repeated=repeated)


@router.post("/v1/auth/sign-in/codes/<challenge_id>/confirm")
def confirm_code(challenge_id: shell.Id, request: ConfirmRequest) -> answers.CustomerTokensView:
    """Sign in by the code that the login got; who has a second factor shows its code too."""
    networks.take(router, SIGN_INS)
    now = clock.now()
    session = authentication.by_code(challenge_id, request.code, _shown(request), now)
    return answers.customers(session, now)


@router.post(
    "/v1/auth/sign-in/second-steps/<second_step_id>/codes",
    responses=shell.shown(SecondCodeView, HTTPStatus.ACCEPTED),
)
def send_second_code(second_step_id: shell.Id, request: SecondCodeRequest) -> Response[Any]:
    """Have the code of the second step sent by one of its `methods`; an earlier one is over."""
    networks.take(router, SIGN_IN_CODES)
    spoken = shell.language(router)
    step = second_step.send(second_step_id, request.method, spoken, clock.now())
    view = SecondCodeView(method=request.method, to=logins.masked(step.to))
    return shell.answer(view, HTTPStatus.ACCEPTED)


@router.post("/v1/auth/sign-in/second-steps/<second_step_id>/confirm")
def confirm_second_step(
    second_step_id: shell.Id, request: SecondProofRequest
) -> answers.CustomerTokensView | answers.StaffTokensView:
    """Sign in by the second proof, where `second_factor_required` asked for one."""
    networks.take(router, SIGN_INS)
    now = clock.now()
    given = Given(**request.model_dump())
    return answers.entrance(second_step.confirm(second_step_id, given, now), now)


def _shown(request: SignInRequest | ConfirmRequest) -> Shown:
    return Shown(
        network=networks.of(router),
        device=client.device(router, request.device_name),
        totp_code=request.totp_code,
        second_factor_waived=os.environ["STAFF_SECOND_FACTOR"] == "off",
    )
