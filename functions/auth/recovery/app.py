"""HTTP routes of recovery."""

import os
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from auth import answers, client
from auth.challenge.codes import Code
from auth.password.passwords import NewPassword
from auth.recovery import recovering
from common import api as shell
from common import clock, idempotency, limits, networks

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
RECOVERIES = limits.Limit("recoveries", 20, 60 * 60)
CONFIRMATIONS = limits.Limit("recovery-codes", 60, 15 * 60)


class RecoveryRequest(shell.Body):
    login: client.Login


class RecoveryView(shell.View):
    recovery_id: str
    expires_in: Annotated[int, Field(description="Seconds for which the code is valid")]


class RecoveryConfirmRequest(shell.Body):
    code: Code
    new_password: NewPassword


@router.post("/v1/auth/recoveries", responses=shell.shown(RecoveryView, HTTPStatus.ACCEPTED))
def ask(request: RecoveryRequest, idempotency_key: idempotency.OptionalKey = None) -> Response[Any]:
    """Ask to get back into the account of a login: a letter or an SMS brings a code.

    The answer is the same whether there is such a login or not, and however often it is asked.
    """
    networks.take(router, RECOVERIES)
    login, network = client.reached(request.login), networks.of(router)
    spoken = shell.language(router)
    asked, repeated = recovering.ask(login, spoken, network, idempotency_key, clock.now())
    expires_in = int(asked.valid_for.total_seconds())
    view = RecoveryView(recovery_id=asked.id, expires_in=expires_in)
    return answers.begun(view, repeated=repeated)


@router.post(
    "/v1/auth/recoveries/<recovery_id>/confirm",
    responses={204: {"description": "The password is set"}},
)
def confirm(recovery_id: shell.Id, request: RecoveryConfirmRequest) -> Response[Any]:
    """Set a new password by the code. All sessions end, and sign-ins by providers, passkeys and a
    contact that was added later than the code's are taken off the account; second factors stay.
    It signs nobody in: sign in by the new password."""
    networks.take(router, CONFIRMATIONS)
    shop = os.environ["SHOP_NAME"]
    recovering.recover(recovery_id, request.code, request.new_password, shop, clock.now())
    return Response(HTTPStatus.NO_CONTENT)
