"""Kept cards in DynamoDB.

pk             sk            what
CUSTOMER#<id>  CARD#<id>     a card, as the provider's token
CUSTOMER#<id>  CARD-DEFAULT  the id of the card to be taken if no other is named
"""

from dataclasses import replace
from datetime import datetime

from common import ids, table, timers
from orders.payments.cards.card import SavedCard
from orders.payments.provider import Card

FORGET = "payment.forget_card"


def keep(customer_id: str, card: Card, cause: str) -> table.Write:
    """The write that keeps *card*, which came by the payment *cause*."""
    one_id = ids.derived(cause, "card")
    known = {"token": card.token, "brand": card.brand, "last4": card.last4}
    shown = {"id": one_id, "customer_id": customer_id, "expires": card.expires} | known
    return table.put({"pk": f"CUSTOMER#{customer_id}", "sk": f"CARD#{one_id}"} | shown, None)


def every(customer_id: str) -> list[SavedCard]:
    """The customer's cards, newest last; the newest is the default if none was chosen."""
    rows = list(table.query_all(f"CUSTOMER#{customer_id}", table.sort_key().begins_with("CARD")))
    chosen = next((row["card_id"] for row in rows if row["sk"] == "CARD-DEFAULT"), None)
    cards = [parse(row) for row in rows if row["sk"] != "CARD-DEFAULT"]
    if cards and chosen not in {card.id for card in cards}:
        chosen = cards[-1].id
    return [replace(card, is_default=card.id == chosen) for card in cards]


def find(customer_id: str, card_id: str) -> SavedCard | None:
    item = table.get(f"CUSTOMER#{customer_id}", f"CARD#{card_id}")
    return parse(item) if item else None


def choose(customer_id: str, card_id: str) -> bool:
    """Make the card the default. False when there is no such card."""
    pk = f"CUSTOMER#{customer_id}"
    chosen = table.put({"pk": pk, "sk": "CARD-DEFAULT", "card_id": card_id}, None)
    try:
        table.commit(table.check(pk, f"CARD#{card_id}", table.PRESENT), chosen)
    except table.ConditionFailed:
        return False
    return True


def forget(card: SavedCard, at: datetime) -> None:
    """Keep the card no longer, here and at the provider. A card that is gone already is no
    harm."""
    try:
        table.commit(*forgetting(card, at))
    except table.ConditionFailed:
        return


def forgetting(card: SavedCard, at: datetime) -> list[table.Write]:
    """The writes that keep the card no longer: a timer tells the provider, as often as it takes.
    Refused when it is gone."""
    told = timers.Timer(FORGET, card.id, at, {"token": card.token})
    gone = table.delete(f"CUSTOMER#{card.customer_id}", f"CARD#{card.id}")
    return [gone, timers.arm(told)]


def parse(item: table.Item) -> SavedCard:
    names = ("id", "customer_id", "token", "brand", "last4", "expires")
    return SavedCard(*(item[name] for name in names))
