"""The events that tell what happened to a return. Pure."""

from typing import Any

from common.events.returns import (
    ReturnApproved,
    ReturnEvent,
    ReturnExchanged,
    ReturnRefunded,
    ReturnRejected,
    ReturnRequested,
    ReturnWithdrawn,
)
from orders.returns.returns import Return, State


def fact(one: Return, event_id: str) -> ReturnEvent:
    """The event of the state that the return has just reached."""
    shared = {
        "id": event_id,
        "occurred_at": one.changed_at,
        "subject_version": one.version,
        "customer_id": one.customer_id,
        "order_id": one.order_id,
        "number": one.order_number,
        "return_id": one.id,
        "return_number": one.number,
    }
    match one.state:
        case State.REQUESTED:
            return _requested(one, shared)
        case State.APPROVED:
            return ReturnApproved(
                **shared, goods_expected=one.is_sent_back, exchange=bool(one.exchanges)
            )
        case State.REJECTED:
            return ReturnRejected(**shared, rejection=one.rejection)
        case State.WITHDRAWN:
            return ReturnWithdrawn(**shared)
        case State.REFUNDED:
            return ReturnRefunded(**shared, **_given(one))
        case State.EXCHANGED:
            sums = {"carried_minor": one.promise.carried_minor}
            return ReturnExchanged(
                **shared, **_given(one), **sums, replacement_id=one.replacement_id
            )


def _requested(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    told = one.promise
    sums = {"refund_minor": told.back.total_minor, "points": told.points_back}
    kind = {"complaint": one.is_complaint, "exchange": bool(one.exchanges)}
    return ReturnRequested(**shared, **sums, **kind, currency=one.currency)


def _given(one: Return) -> dict[str, Any]:
    """What the customer gets, and what of the points is taken off."""
    given, back = one.promise, one.promise.back
    return {
        "amount_minor": back.source_minor,
        "balance_minor": back.balance_minor,
        "currency": one.currency,
        "points_given": given.points_back,
        "points_taken": given.taken,
    }
