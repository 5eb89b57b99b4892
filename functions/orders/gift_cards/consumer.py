"""Gift cards come into being when the order that bought them is delivered, and its money taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from common import ids, outbox, table, timers
from common.errors import Busy
from common.events.wallet import GiftCardsIssued
from orders.gift_cards import store
from orders.gift_cards.gift_card import GiftCard, bought
from orders.order import money_store as money
from orders.order import store as orders
from orders.order.bill import Status
from orders.order.facts import members
from orders.order.order import Order, State


def issue(order: Order, at: datetime) -> None:
    """Issue the cards that *order* bought; told together with the last of them. Busy while its
    money is only held: a code once seen cannot be taken back. None where the money is gone."""
    bill = order.bill
    gone = bill.status is Status.FAILED or not bill.left.total_minor
    cards = [] if gone else list(bought(order, at))
    if cards and bill.status is Status.AUTHORISED:
        raise Busy
    issued = {card.id for card in store.find_issued(cards)}
    for card in cards:
        if card.id not in issued:
            store.issue(card, *([_told(order, cards, at)] if card is cards[-1] else []))


def hand_over(timer: timers.Timer, now: datetime) -> Sequence[table.Write]:
    """An order of nothing else is with its customer, unless it is off, or all was given back."""
    order = orders.find_now(timer.subject["order_id"])
    if State.DELIVERED not in order.next_states or not order.bill.left.total_minor:
        return []
    return orders.moved(order, State.DELIVERED, now)


def _told(order: Order, cards: list[GiftCard], at: datetime) -> table.Write:
    told = GiftCardsIssued(
        **members(order, ids.derived(order.id, GiftCardsIssued.name), at),
        count=len(cards),
        amount_minor=sum(card.amount_minor for card in cards),
        currency=order.currency,
    )
    return outbox.row(told)


DUE: Mapping[str, timers.Fire] = {money.HAND_OVER: hand_over}
