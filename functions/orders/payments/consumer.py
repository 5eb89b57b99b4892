"""What the shop does about payments when a timer is due: tell the provider, ask it, or give up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common import table, timers
from common.logs import count, logger
from orders.order import money_store as money
from orders.order import store
from orders.order.bill import Status
from orders.order.order import Order, State
from orders.payments import client
from orders.payments import settling_store as settling
from orders.payments.cards import store as cards
from orders.payments.provider import Refund, Seen
from orders.wallet import store as top_ups

# An order that was not shipped while its money was held is nobody's any longer.
UNSHIPPED = (State.PAID, State.ASSEMBLING)


def give_up(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """No payment came: goods, points and balance go back."""
    order = store.find_now(timer.subject["order_id"])
    return store.moved(order, State.CANCELLED, now) if order.state is State.AWAITING_PAYMENT else []


def let_go(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """The bank no longer holds the money of an order that was not shipped."""
    order = store.find_now(timer.subject["order_id"])
    held = order.bill.status is Status.AUTHORISED and order.state in UNSHIPPED
    return store.moved(order, State.CANCELLED, now) if held else []


@timers.Asking
def check(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Nobody told what became of a payment: ask."""
    order = store.find_now(timer.subject["order_id"])
    if order.bill.status is not Status.PENDING or order.state is not State.AWAITING_PAYMENT:
        return []
    seen = client.provider().find(timer.subject["reference"])
    return _settled(order, seen, now) or [settling.again(timer, now)]


@timers.Asking
def capture(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Take what is held; of what was called off before, nothing: `void` lets go of that. It may be
    held no longer."""
    order = store.find_now(timer.subject["order_id"])
    if order.bill.status is not Status.AUTHORISED:
        return []
    amount = int(timer.subject["amount"])
    seen = client.provider().capture(timer.subject["reference"], amount)
    if seen.status is not Status.CAPTURED:
        return _not_taken(order, seen, now)
    after = order.billed(replace(order.bill, status=Status.CAPTURED))
    there = money.handed_over(after, now)
    return [store.replaced(order, after), *money.captured(after, amount, now), *there]


@timers.Asking
def void(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Let the money go; if it was taken meanwhile, it goes back. What cannot be called off is
    looked at until it is over: its customer may yet pay."""
    seen = client.provider().void(timer.subject["reference"])
    if seen.status is Status.PENDING:
        return [settling.again(timer, now)]
    order = store.find_now(timer.subject["order_id"])
    return _settled(order, seen, now)


@timers.Asking
def refund(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Give back, and look until it is there. What the provider does not do is staff's to see, and
    is tried anew, for it is over: nothing goes back twice."""
    told, key = timer.subject, settling.key(timer)
    match client.provider().refund(told["reference"], int(told["amount"]), key):
        case Refund.MADE:
            return []
        case Refund.PENDING:
            return [settling.again(timer, now)]
    logger.error("refund failed", reference=told["reference"], key=key)
    count("PaymentsDiffer")
    return [settling.anew(timer, now)]


@timers.Asking
def forget_card(timer: timers.Timer, _: datetime) -> Sequence[table.Write]:
    client.provider().forget(timer.subject["token"])
    return []


@timers.Asking
def check_top_up(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """Nobody told what became of a top-up: ask, for a day; then it is no longer waited for."""
    one = top_ups.find(timer.subject["customer_id"], timer.subject["top_up_id"])
    if one is None or one.status is not Status.PENDING:
        return []
    given_up = now > one.at + top_ups.CHECKED_FOR
    asked = client.provider()
    seen = asked.void(one.reference) if given_up else asked.find(one.reference)
    after = one.settled(seen) if seen else None
    return top_ups.settled(after, now) if after else [settling.again(timer, now)]


def _not_taken(order: Order, seen: Seen, at: datetime) -> list[table.Write]:
    """Its bank let go of the money: what is not shipped is called off, and staff must hear of what
    is on its way unpaid. Raise ValueError where the money may yet be taken."""
    if seen.status not in settling.ENDED or seen.amount_minor != order.bill.amount_minor:
        raise ValueError("what was held could not be taken")
    if order.state in UNSHIPPED:
        return store.moved(order, State.CANCELLED, at)
    logger.error("what was held is gone, and the goods are too", order_id=order.id)
    count("PaymentsDiffer")
    return [store.replaced(order, order.billed(replace(order.bill, status=Status.FAILED)))]


def _settled(order: Order, seen: Seen | None, now: datetime) -> list[table.Write]:
    decided = settling.settled(order, seen, now) if seen else None
    return decided[1] if decided else []


DUE: Mapping[str, timers.Fire] = {
    money.PAYMENT_DUE: give_up,
    money.AUTHORISATION_ENDS: let_go,
    money.CHECK: check,
    money.CAPTURE: capture,
    money.VOID: void,
    money.REFUND: refund,
    cards.FORGET: forget_card,
    top_ups.CHECK: check_top_up,
}
