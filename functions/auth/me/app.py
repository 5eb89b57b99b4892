"""HTTP routes of the customer's own page: `/v1/me` and what lies below."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth.access_log.app import router as access_log
from auth.consents.app import router as consents
from auth.erasure.app import router as erasure
from auth.export.app import router as export
from auth.guide.app import router as guide
from auth.notes.app import router as notes
from auth.profile.app import router as profile
from common import api as shell

api = shell.create()
for router in (profile, notes, consents, access_log, guide, erasure, export):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
