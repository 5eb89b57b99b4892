"""Gift cards come into being when the order that bought them is delivered: paid, that is."""

from datetime import datetime

from common import ids, outbox, table
from common.events.wallet import GiftCardsIssued
from orders.gift_cards import store
from orders.gift_cards.gift_card import GiftCard
from orders.order.facts import members
from orders.order.order import Order


def issue(order: Order, at: datetime) -> None:
    """Issue the cards that *order* bought; told together with the last of them."""
    cards = store.bought_by(order, at)
    issued = {card.id for card in store.find_issued(cards)}
    for card in cards:
        if card.id not in issued:
            store.issue(card, *([_told(order, cards, at)] if card is cards[-1] else []))


def _told(order: Order, cards: list[GiftCard], at: datetime) -> table.Write:
    told = GiftCardsIssued(
        **members(order, ids.derived(order.id, GiftCardsIssued.name), at),
        count=len(cards),
        amount_minor=sum(card.amount_minor for card in cards),
        currency=order.currency,
    )
    return outbox.row(told)
