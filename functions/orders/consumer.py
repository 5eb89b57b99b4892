"""Events orders listens to."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import consumer

REACTIONS: consumer.Reactions = {}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
