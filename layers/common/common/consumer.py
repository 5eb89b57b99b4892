"""What every consumer does: take events from its queue, and timers from its schedule.

A message that fails is reported alone and tried again soon, then later and later; after the
queue's last try it lies in the dead-letter queue. The others go on.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import aws, timers
from common.events import Event
from common.events.known import EVENTS
from common.logs import kind_and_place, logger

# Seconds until a failed message is tried again, by the number of tries so far.
BACKOFF_SECONDS = (2, 10, 60, 300)

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

type Reaction = Callable[[Any], None]
type Reactions = Mapping[type[Event], Reaction]
type Gathered = Mapping[type[Event], Callable[[Sequence[Any]], None]]


def consume(
    event: dict[str, Any],
    context: LambdaContext,
    reactions: Reactions,
    due: Mapping[str, timers.Fire] | None = None,
) -> dict[str, Any]:
    """React to a batch from SQS with *reactions*, or to the minute's tick with *due* timers."""
    if "Records" not in event:
        timers.sweep(due or {})
        return {}
    react = partial(_react, reactions)
    answer = process_partial_response(event, react, processor, context)
    failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
    _try_again_soon([record for record in event["Records"] if record["messageId"] in failed])
    return dict(answer)


def consume_together(event: dict[str, Any], reactions: Gathered) -> dict[str, Any]:
    """React to all events of a kind in a batch at once; what cannot be read fails alone."""
    facts: dict[type[Event], list[tuple[str, Event]]] = {}
    failed: set[str] = set()
    for record in map(SQSRecord, event["Records"]):
        try:
            fact = _fact(record)
        except Exception as failure:
            _log(record.message_id, failure)
            failed.add(record.message_id)
        else:
            facts.setdefault(type(fact), []).append((record.message_id, fact))
    for kind, found in facts.items():
        failed |= _reacted(reactions[kind], found)
    _try_again_soon([record for record in event["Records"] if record["messageId"] in failed])
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in sorted(failed)]}


def _reacted(
    react: Callable[[Sequence[Any]], None], found: Sequence[tuple[str, Event]]
) -> set[str]:
    """The messages of *found* if the reaction to them fails."""
    try:
        react([fact for _, fact in found])
    except Exception as failure:
        _log(found[0][0], failure)
        return {message_id for message_id, _ in found}
    for _, fact in found:
        logger.info("consumed", event_name=fact.name, event_id=fact.id)
    return set()


def _react(reactions: Reactions, record: SQSRecord) -> None:
    try:
        fact = _fact(record)
        reactions[type(fact)](fact)
    except Exception as failure:
        _log(record.message_id, failure)
        raise
    logger.info("consumed", event_name=fact.name, event_id=fact.id)


def _fact(record: SQSRecord) -> Event:
    message = record.json_body
    return EVENTS[message["detail-type"]].model_validate(message["detail"])


def _log(message_id: str, failure: Exception) -> None:
    """A warning: the queue tries again, and tells by its dead letters when it gave up."""
    logger.warning("message failed", message_id=message_id, **kind_and_place(failure))


def _try_again_soon(failed: list[dict[str, Any]]) -> None:
    """Shorten the wait that the queue's visibility timeout would otherwise impose."""
    for record in failed:
        tries = int(record["attributes"]["ApproximateReceiveCount"])
        try:
            aws.sqs().change_message_visibility(
                QueueUrl=os.environ["QUEUE_URL"],
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1],
            )
        except Exception as failure:
            # Only a later try: the message is safe in the queue.
            logger.warning("backoff failed", error=type(failure).__name__)
