"""An order: what was bought, and the states it goes through. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from common import ids, ledger, pricing
from common.errors import Refusal
from common.language import Text
from common.ledger import NEVER
from orders.gift import Gift

# Crockford's base 32: no letter that could be taken for a digit or make a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS = 6
# Who gets points back by a cancellation can always spend them for a fortnight.
GRACE_DAYS = 14
# The shop's account that points go to when they are spent.
REDEEMED = "shop:points:redeemed"


class State(StrEnum):
    PLACED = "placed"
    ASSEMBLING = "assembling"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


NEXT = {
    State.PLACED: (State.ASSEMBLING, State.CANCELLED),
    State.ASSEMBLING: (State.SHIPPED, State.CANCELLED),
    State.SHIPPED: (State.DELIVERED,),
    State.DELIVERED: (),
    State.CANCELLED: (),
}


class TransitionNotAllowed(Refusal):
    """The order is in a state that does not lead where it was to go."""

    code = "transition_not_allowed"
    title = Text(
        ru="В нынешнем состоянии заказа этого сделать нельзя.",
        en="The order's present state does not allow this.",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line as bought; *shipped* lines were taken from stock."""

    sku: str
    name: Text
    quantity: int
    price_minor: int
    shipped: bool

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor


@dataclass(frozen=True, slots=True)
class Delivery:
    recipient: str
    phone: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """The moment at which a state was reached."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """*day* is the shop's day on which it was placed; *points* are the lots that paid."""

    id: str
    customer_id: str
    version: int
    day: date
    lines: tuple[Line, ...]
    totals: pricing.Totals
    currency: str
    points: Mapping[str, int]
    delivery: Delivery
    payment: str
    history: tuple[Step, ...]
    tracking_number: str | None = None
    gift: Gift | None = None

    @property
    def number(self) -> str:
        return number(self.id)

    @property
    def state(self) -> State:
        return self.history[-1].state

    @property
    def placed_at(self) -> datetime:
        return self.history[0].at

    @property
    def changed_at(self) -> datetime:
        return self.history[-1].at

    @property
    def next_states(self) -> tuple[State, ...]:
        return NEXT[self.state]

    @property
    def points_spent(self) -> int:
        return sum(self.points.values())

    @property
    def goods(self) -> list[Line]:
        """The lines that stock is kept of."""
        return [line for line in self.lines if line.shipped]

    def moved(self, to: State, at: datetime, tracking_number: str | None = None) -> "Order":
        """The order in its next state. Raise TransitionNotAllowed."""
        if to not in self.next_states:
            raise self._refusal()
        return replace(
            self,
            version=self.version + 1,
            history=(*self.history, Step(to, at)),
            tracking_number=tracking_number or self.tracking_number,
        )

    def recalled(self, at: datetime) -> "Order":
        """The order cancelled by its customer, who may while nobody works on it."""
        if self.state is not State.PLACED:
            raise self._refusal()
        return self.moved(State.CANCELLED, at)

    def spending(self) -> ledger.Posting:
        """The posting that pays for the order with points."""
        legs = ledger.transfer(ledger.points_of(self.customer_id), REDEEMED, self.points)
        return self._posting("redemption", legs)

    def reversal(self, today: date) -> ledger.Posting:
        """The posting that gives the points back, lot by lot as they were taken.

        Points whose last day has passed meanwhile, or is near, can be spent for GRACE_DAYS more.
        """
        lots: Counter[str] = Counter()
        for day, points in self.points.items():
            lots[_spendable(day, today)] += points
        legs = ledger.transfer(REDEEMED, ledger.points_of(self.customer_id), dict(lots))
        return self._posting("reversal", legs)

    def _posting(self, kind: str, legs: tuple[ledger.Leg, ...]) -> ledger.Posting:
        memo = {"order_id": self.id}
        return ledger.Posting(ids.derived(self.id, kind), kind, self.changed_at, legs, memo)

    def _refusal(self) -> TransitionNotAllowed:
        return TransitionNotAllowed(state=self.state, next_states=list(self.next_states))


def _spendable(day: str, today: date) -> str:
    """The last day of points given back: their own, or the end of the grace if that is later."""
    return max(day, (today + timedelta(days=GRACE_DAYS)).isoformat()) if day != NEVER else day


def number(order_id: str) -> str:
    """What people call the order: its month and a few letters drawn from its id.

    Two orders of a month may share one, seldom: an order is found by number and id together.
    """
    bits = UUID(order_id).int
    letters = (ALPHABET[bits >> 5 * n & 31] for n in reversed(range(NUMBER_LETTERS)))
    return f"{ids.made_at(order_id):%y%m}-{''.join(letters)}"
