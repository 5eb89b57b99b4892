"""Gift cards in DynamoDB. A code is kept nowhere: it follows from the card's id and the pepper.

pk                  sk    what
GIFT-CARD#<digest>  CARD  a card, by a keyed hash of its code
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from itertools import batched

from common import ids, ledger, outbox, pepper, table
from common.conditions import Attr
from common.events.wallet import WalletToppedUp
from orders.gift_cards.gift_card import GiftCard, code, read
from orders.wallet import transaction_store as transactions
from orders.wallet.transaction import BY_GIFT_CARD, Kind, Transaction


def code_of(card_id: str) -> str:
    """The code by which the card is used."""
    return code(pepper.mac("gift-card", card_id))


def find(typed: str) -> GiftCard | None:
    """The card whose code was *typed*."""
    item = table.get(_pk(read(typed)), "CARD")
    return _parse(item) if item else None


def find_issued(cards: Iterable[GiftCard]) -> list[GiftCard]:
    """Those of *cards* that are issued, in their order; a hundred in one round trip."""
    keys = [(table.OWN, _pk(read(code_of(card.id))), "CARD") for card in cards]
    found = (item for some in batched(keys, 100, strict=False) for item in table.get_many(*some))
    return [_parse(item) for item in found if item]


def issue(card: GiftCard, *beside: table.Write) -> None:
    """Let the card be used; once, together with *beside*."""
    try:
        table.commit(table.put(_item(card)), *ledger.post(card.issuing()), *beside)
    except table.ConditionFailed:
        return  # issued before


def used(card: GiftCard, customer_id: str, at: datetime) -> list[table.Write]:
    """The writes that put the card's money on the customer's balance; refused if it was used."""
    row = table.put(_item(replace(card, used_at=at)), Attr("used_at").eq(None))
    sums = card.amount_minor, card.currency
    note_id = ids.at(at, card.id, "use")
    note = Transaction(note_id, customer_id, Kind.GIFT_CARD, BY_GIFT_CARD, *sums, at)
    told = WalletToppedUp(
        id=ids.derived(card.id, WalletToppedUp.name),
        occurred_at=at,
        customer_id=customer_id,
        amount_minor=card.amount_minor,
        currency=card.currency,
    )
    posted = ledger.post(card.using(customer_id, at))
    return [row, *posted, transactions.add(note), outbox.row(told)]


def _pk(written: str) -> str:
    return f"GIFT-CARD#{pepper.mac('gift-card code', written).hex()}"


def _item(card: GiftCard) -> table.Item:
    used_at = card.used_at.isoformat() if card.used_at else None
    times = {"issued_at": card.issued_at.isoformat(), "used_at": used_at}
    return {"pk": _pk(read(code_of(card.id))), "sk": "CARD"} | asdict(card) | times


def _parse(item: table.Item) -> GiftCard:
    known = {name: item[name] for name in GiftCard.__slots__}
    used_at = item["used_at"] and datetime.fromisoformat(item["used_at"])
    return GiftCard(
        **known | {"issued_at": datetime.fromisoformat(item["issued_at"]), "used_at": used_at}
    )
