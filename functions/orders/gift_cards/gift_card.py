"""A gift card: money that belongs to whoever has its code. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from common import ids, ledger
from common.errors import Problem, Refusal
from common.language import Text
from orders.order.order import Order

# What the shop owes those who have codes.
ISSUED = "shop:gift-cards"
# Crockford's alphabet: what looks alike is one (https://www.crockford.com/base32.html).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})
GROUP = 4
# 80 bits: nobody guesses one, though only ten guesses an hour are heard.
CHARACTERS = 16


class UnknownGiftCard(Problem):
    """No gift card has this code."""

    status = 404
    code = "unknown_gift_card"
    title = Text(
        ru="Подарочной карты с таким кодом нет. Проверьте, всё ли введено верно.",
        en="No gift card has this code. Please check how it is written.",
    )


class GiftCardUsed(Refusal):
    """The card's money is on somebody's balance already."""

    code = "gift_card_used"
    title = Text(ru="Эта подарочная карта уже использована.", en="This gift card was used already.")


@dataclass(frozen=True, slots=True)
class GiftCard:
    """*amount_minor* is its worth. *used_at* is None while its money waits."""

    id: str
    order_id: str
    amount_minor: int
    currency: str
    issued_at: datetime
    used_at: datetime | None = None

    @property
    def account(self) -> str:
        """Where its money lies."""
        return f"gift-card:{self.id}"

    def issuing(self) -> ledger.Posting:
        legs = ledger.transfer(ISSUED, self.account, {ledger.NEVER: self.amount_minor})
        memo = {"order_id": self.order_id}
        return ledger.Posting(
            ids.derived(self.id, "issue"), "gift_card", self.issued_at, legs, memo
        )

    def using(self, customer_id: str, at: datetime) -> ledger.Posting:
        """The posting by which its money comes to be the customer's."""
        money = ledger.money_of(customer_id)
        legs = ledger.transfer(self.account, money, {ledger.NEVER: self.amount_minor})
        return ledger.Posting(ids.derived(self.id, "use"), "gift_card", at, legs)


def bought(order: Order, at: datetime) -> Iterator[GiftCard]:
    """The cards that *order* buys, one a piece, issued at *at*: always the same ones."""
    for line in order.lines:
        for piece in range(line.quantity if line.money else 0):
            id_ = ids.derived(order.id, f"gift-card:{line.sku}:{piece}")
            yield GiftCard(id_, order.id, line.price_minor, order.currency, at)


def code(secret: bytes) -> str:
    """*secret* as people write it: XXXX-XXXX-XXXX-XXXX."""
    number = int.from_bytes(secret[:10])
    digits = [ALPHABET[number >> 5 * place & 31] for place in range(CHARACTERS)]
    groups = (digits[first : first + GROUP] for first in range(0, CHARACTERS, GROUP))
    return "-".join("".join(group) for group in groups)


def read(typed: str) -> str:
    """The code that was meant by *typed*, without its dashes."""
    return typed.upper().translate(ALIKE)
