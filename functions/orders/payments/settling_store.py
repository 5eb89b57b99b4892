"""What an order becomes by what the provider says of its payment.

It does not matter who heard it first, how often, or in which order: only a pending payment is
settled, and the order's version lets one of those who settle it through.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from common import ids, outbox, table, timers
from common.events.orders import PaymentFailed
from common.logs import logger
from orders.order import money_store as money
from orders.order import store
from orders.order.bill import Method, Status
from orders.order.facts import members
from orders.order.order import Order, State
from orders.payments.cards import store as cards
from orders.payments.provider import Charge, Seen

CHECK_AFTER = timedelta(minutes=1)
TRIED_ANEW_AFTER = timedelta(hours=1)
# The longest wait, of 16 hours, is shorter than the day for which the alarm hears of a failure.
LONGER_UNTIL = 4
PAID = (Status.AUTHORISED, Status.CAPTURED)
ENDED = (Status.FAILED, Status.VOID)


def charge(order: Order, token: str | None, *, keep_card: bool) -> Charge:
    """What to ask the provider for *order*."""
    bill = order.bill
    asked = money.reference(order), bill.method, bill.amount_minor, order.currency
    return Charge(*asked, token, keep_card=keep_card, at_once=bill.method is Method.SBP)


def asked(before: Order, after: Order, at: datetime) -> list[table.Write]:
    """The claim to be written before the provider is asked, with the timer that asks what became
    of it if nobody else tells."""
    return [store.replaced(before, after), money.tell(after, money.CHECK, 0, at + CHECK_AFTER)]


def settled(order: Order, seen: Seen, at: datetime) -> tuple[Order, list[table.Write]] | None:
    """The order with its payment settled as *seen*, and the writes of that; None where there is
    nothing to settle."""
    bill = order.bill
    if seen.status is Status.PENDING or seen.reference != money.reference(order):
        return None
    if bill.status is Status.AUTHORISED and seen.status in ENDED:
        return order, [money.tell(order, money.AUTHORISATION_ENDS, 0, at)]
    # What was let go of may yet be held or taken, by a request that was long on its way.
    slipped = bill.status is Status.VOID and seen.status in PAID
    if bill.status is not Status.PENDING and not slipped:
        return None
    if seen.status in PAID and seen.amount_minor != bill.amount_minor:
        logger.error("another sum was paid", order_id=order.id)
        return None
    decide = _awaited if order.state is State.AWAITING_PAYMENT else _too_late
    after, writes = decide(order, seen.status, at)
    keep = seen.card if seen.status in PAID and not order.is_guests else None
    kept = [cards.keep(bill.payer_id, keep, order.id)] if keep else []
    return after, [store.replaced(order, after), *writes, *kept]


def _awaited(order: Order, status: Status, at: datetime) -> tuple[Order, list[table.Write]]:
    if status not in PAID:
        after = order.billed(replace(order.bill, status=Status.FAILED))
        return after, [outbox.row(_failed(after, at))]
    billed = replace(order, bill=replace(order.bill, status=status))
    after = billed.moved(State.PAID, at)
    told = store.reached(billed, after)
    if status is Status.CAPTURED:
        return after, [*told, *money.taken(after, money.PROVIDER, at)]
    ends = money.tell(after, money.AUTHORISATION_ENDS, 0, at + money.HELD_FOR)
    return after, [*told, money.paid_note(after, at), ends]


def _too_late(order: Order, status: Status, at: datetime) -> tuple[Order, list[table.Write]]:
    """The order was given up meanwhile: whatever came goes back at once."""
    bill = order.bill
    if status is not Status.CAPTURED:
        after = order.billed(replace(bill, status=Status.VOID))
        held = status is Status.AUTHORISED
        return after, [money.tell(after, money.VOID, 0, at)] if held else []
    after = order.billed(replace(bill, status=status, returned_minor=bill.amount_minor))
    if bill.returned_minor:  # it was held: calling it off has told that it goes back
        return after, [money.tell(after, money.REFUND, bill.amount_minor, at)]
    return after, money.passed_through(after, at)


def _failed(order: Order, at: datetime) -> PaymentFailed:
    return PaymentFailed(
        **members(order, ids.derived(order.id, f"failed:{order.version}"), at),
        amount_minor=order.bill.amount_minor,
        currency=order.currency,
    )


def again(timer: timers.Timer, at: datetime) -> table.Write:
    """The same timer, later."""
    return timers.arm(replace(timer, due=at + 2 * CHECK_AFTER))


def anew(timer: timers.Timer, at: datetime) -> table.Write:
    """The same task as another try, which waits twice as long as the one before."""
    tries = int(timer.subject.get("tries", "0"))
    wait = TRIED_ANEW_AFTER * 2 ** min(tries, LONGER_UNTIL)
    subject = timer.subject | {"tries": str(tries + 1)}
    return timers.arm(replace(timer, due=at + wait, subject=subject))


def key(timer: timers.Timer) -> str:
    """By what the provider knows the present try."""
    tries = timer.subject.get("tries")
    return f"{timer.id}.{tries}" if tries else timer.id
