"""HTTP routes of the password."""

import os
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from auth.password import change
from auth.password.passwords import NewPassword
from common import access, clock
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class PasswordRequest(shell.Body):
    new_password: NewPassword


@router.put("/v1/auth/password", responses={204: {"description": "The password is changed"}})
def change_password(request: PasswordRequest) -> Response[Any]:
    """Set a new password: every other session ends. Needs a step-up for the act `password`."""
    caller = access.anyone(router)
    change.change(caller, request.new_password, os.environ["SHOP_NAME"], clock.now())
    return Response(HTTPStatus.NO_CONTENT)
