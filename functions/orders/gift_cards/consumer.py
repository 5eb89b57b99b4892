"""Gift cards come into being when the order that bought them is delivered: paid, that is."""

from datetime import datetime

from common import ids, outbox, table
from common.events.wallet import GiftCardsIssued
from orders.catalogue import store as catalogue
from orders.gift_cards import store
from orders.gift_cards.gift_card import GiftCard, bought
from orders.order.facts import members
from orders.order.order import Order


def issue(order: Order, at: datetime) -> None:
    """Issue the cards that *order* bought; told together with the last of them."""
    services = [line.sku for line in order.lines if not line.shipped]
    if not services:
        return
    cards = list(bought(order, catalogue.find_all(services), at))
    issued = {card.id for card in store.find_issued([card.id for card in cards])}
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
