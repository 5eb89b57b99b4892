"""HTTP routes of auth."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import api as shell

api = shell.create()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
