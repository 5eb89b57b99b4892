"""HTTP routes of auth."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth.contacts.app import router as contacts
from auth.disowning.app import router as disowning
from auth.erasure.receipt import router as receipt
from auth.factors.app import router as factors
from auth.history.app import router as history
from auth.password.app import router as password
from auth.recovery.app import router as recovery
from auth.registration.app import router as registration
from auth.session.app import router as session
from auth.sign_in.app import router as sign_in
from auth.social.app import router as social
from auth.staff.app import router as staff
from auth.staff.invitations.app import router as invitations
from auth.step_up.app import router as step_up
from auth.well_known import router as well_known
from common import api as shell
from common import not_me, pages

api = shell.create()
for router in (
    registration,
    sign_in,
    social,
    session,
    step_up,
    password,
    recovery,
    history,
    disowning,
    factors,
    contacts,
    staff,
    invitations,
    receipt,
    well_known,
):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, pages.without_form(event, not_me.PATH), context)
