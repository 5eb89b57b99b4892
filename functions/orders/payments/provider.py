"""The port to payment providers. Pure.

A payment is known on both sides by its reference, which is also the key that makes asking again
harmless: `order.<order id>.<attempt>` or `top-up.<customer id>.<id>`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from common.errors import Silent
from orders.order.bill import Method, Status

ORDER, TOP_UP = "order", "top-up"
REFERENCE = re.compile(r"(order\.[0-9a-f-]{36}\.\d{1,6}|top-up\.[0-9a-f-]{36}\.[0-9a-f-]{36})")


def is_ours(reference: str) -> bool:
    """Whether *reference* may name a payment of this shop: its account may serve others too."""
    return bool(REFERENCE.fullmatch(reference))


class NoAnswer(Silent):
    """The provider did not answer."""


class Refused(ValueError):
    """The provider said no, by an HTTP *status*: *code* says why, *about* which parameter."""

    def __init__(self, status: int, code: str, about: str = "") -> None:
        super().__init__(f"the provider refused: {status} {code} {about}".rstrip())
        self.status, self.code, self.about = status, code, about


class NotGenuine(Exception):
    """A message that the provider did not send, or not lately."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card as the provider keeps it: *token* pays again, the rest is for its owner's eyes."""

    token: str
    brand: str
    last4: str
    expires: str


@dataclass(frozen=True, slots=True)
class Charge:
    """What a provider is asked for. Unless *at_once*, a card's money is held and taken later."""

    reference: str
    method: Method
    amount_minor: int
    currency: str
    token: str | None = None
    keep_card: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A payment as its provider sees it: DUE never, PENDING while its customer must act."""

    reference: str
    status: Status
    amount_minor: int
    captured_minor: int = 0
    refunded_minor: int = 0
    payment_url: str | None = None
    qr_payload: str | None = None
    card: Card | None = None


class Refund(StrEnum):
    """What became of money that is to go back. FAILED is for good, under the key that it has."""

    MADE = "made"
    PENDING = "pending"
    FAILED = "failed"


class Provider(Protocol):
    """Every call may raise NoAnswer; the same call again is the same payment, capture or refund."""

    name: str

    def charge(self, charge: Charge) -> Seen: ...

    def find(self, reference: str) -> Seen | None: ...

    def capture(self, reference: str, amount_minor: int) -> Seen:
        """Take what is held, or less; once."""

    def void(self, reference: str) -> Seen:
        """Let go of what is held or asked for; what is taken already stays so."""

    def refund(self, reference: str, amount_minor: int, key: str) -> Refund:
        """Give back, once under *key*; what is refused has failed too. Raise ValueError where no
        such payment is known: a refund must not be forgotten."""

    def forget(self, token: str) -> None:
        """Keep the card no longer."""

    def heard(self, headers: Mapping[str, str], body: str, at: datetime) -> str | None:
        """The reference that a message is about, None if it is about nothing of ours. Raise
        NotGenuine. What it says is not believed: ask `find`."""

    def made_on(self, day: date) -> Iterator[Seen]:
        """The payments begun on *day*."""
