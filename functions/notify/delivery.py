"""A message on its way: claimed, handed over by the first way that takes it, and noted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common import clock, ids, table
from common.events.notify import MessageSent
from common.logs import logger
from notify import provider, recipient_store, store
from notify.message import Channel, Message


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody: *send* hands over, and is False when that is unconfirmed.

    *address* is what the channel's provider calls them.
    """

    channel: Channel
    address: str
    send: Callable[[], bool]


def deliver(
    claim: store.Claim,
    message: Message,
    ways: Sequence[Way],
    customer_id: str | None,
    *guards: table.Write,
) -> None:
    """Send *message* unless another delivery has, or BeingSent while one does.

    Changed when *guards*, which are written with the claim, refuse.
    """
    if not store.take(claim, message, clock.now(), *guards):
        return
    try:
        taken = next(filter(None, (_handed_over(way, message, customer_id) for way in ways)), None)
    except provider.Unavailable:
        store.release(claim)
        raise
    if taken is None:
        store.mark_failed(claim)
        logger.warning("message failed", message_id=message.id, letter=message.letter)
    else:
        _note(claim, message, *taken, customer_id)


def _handed_over(
    way: Way, message: Message, customer_id: str | None
) -> tuple[Channel, bool] | None:
    """The channel that took it, and whether it said so; None where *way* leads nowhere."""
    try:
        return way.channel, way.send()
    except provider.Unreachable as refused:
        if isinstance(refused, provider.OptedOut):
            recipient_store.suppress(
                way.channel, way.address, "opted_out", clock.now(), customer_id
            )
        reason = type(refused).__name__
        logger.warning("way closed", message_id=message.id, channel=way.channel, reason=reason)
        return None


def _note(
    claim: store.Claim,
    message: Message,
    channel: Channel,
    confirmed: bool,
    customer_id: str | None,
) -> None:
    event = MessageSent(
        id=ids.derived(message.id, "sent"),
        occurred_at=clock.now(),
        customer_id=customer_id,
        message_id=message.id,
        letter=message.letter,
        channel=channel,
    )
    store.mark_sent(claim, event, confirmed=confirmed)
    logger.info(
        "message sent",
        message_id=message.id,
        letter=message.letter,
        channel=channel,
        confirmed=confirmed,
    )
