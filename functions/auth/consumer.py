"""Events auth listens to: its own registrations, to choose the letter that each one gets."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth import letters
from common import consumer
from common.events import RegistrationRequested

REACTIONS: consumer.Reactions = {RegistrationRequested: letters.write}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
