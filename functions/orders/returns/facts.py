"""The events that tell what happened to a return. Pure."""

from collections.abc import Callable
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
    return FACTS[one.state](one, shared)


def _approved(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    kind = {"goods_expected": one.is_sent_back, "exchange": bool(one.exchanges)}
    return ReturnApproved(**shared, **kind)


def _rejected(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    return ReturnRejected(**shared, rejection=one.rejection)


def _withdrawn(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    return ReturnWithdrawn(**shared)


def _refunded(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    return ReturnRefunded(**shared, **_given(one))


def _exchanged(one: Return, shared: dict[str, Any]) -> ReturnEvent:
    into = {"carried_minor": one.promise.carried_minor, "replacement_id": one.replacement_id}
    return ReturnExchanged(**shared, **_given(one), **into)


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


FACTS: dict[State, Callable[[Return, dict[str, Any]], ReturnEvent]] = {
    State.REQUESTED: _requested,
    State.APPROVED: _approved,
    State.REJECTED: _rejected,
    State.WITHDRAWN: _withdrawn,
    State.REFUNDED: _refunded,
    State.EXCHANGED: _exchanged,
}
