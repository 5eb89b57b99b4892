"""Events insights listens to: each is counted once, on its day in the shop's zone."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from common import clock, consumer
from common.events import Event
from insights import counts, store


def count(event: Event) -> None:
    day = clock.day_of(event.occurred_at)
    store.count(event.id, day, counts.counts(event))


REACTIONS: consumer.Reactions = dict.fromkeys(counts.COUNTED, count)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS)
