"""Events from which a customer's own page is made.

They have a queue and a function of their own: codes and letters of registrations never wait
behind them.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth.access_log import consumer as access_log
from auth.avatar import consumer as avatar
from auth.guide import consumer as guide
from auth.visits import consumer as visits
from common import consumer
from common.events.auth import ProfileChanged


def follow_profile(event: ProfileChanged) -> None:
    """Look whether a first step was the last one, and tidy up after a picture."""
    guide.look(event)
    avatar.tidy(event)


REACTIONS: consumer.Reactions = {
    **visits.REACTIONS,
    **access_log.REACTIONS,
    **guide.REACTIONS,
    ProfileChanged: follow_profile,
}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
