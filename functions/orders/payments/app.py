"""HTTP routes of payments and of the customer's money."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import api as shell
from orders.payments.charges.app import router as charges
from orders.payments.webhooks.app import router as webhooks

api = shell.create()
for router in (charges, webhooks):
    api.include_router(router)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
