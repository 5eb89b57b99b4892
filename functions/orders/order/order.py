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
from orders.order.bill import Bill, Method, Status

# Crockford's base 32: no letter that could be taken for a digit or make a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LETTERS = 6
# Who gets points back by a cancellation can always spend them for a fortnight.
GRACE_DAYS = 14
# The shop's account that points go to when they are spent.
REDEEMED = "shop:points:redeemed"


class State(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PLACED = "placed"
    ASSEMBLING = "assembling"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


NEXT = {
    State.AWAITING_PAYMENT: (State.PAID, State.CANCELLED),
    State.PAID: (State.ASSEMBLING, State.CANCELLED),
    State.PLACED: (State.ASSEMBLING, State.CANCELLED),
    State.ASSEMBLING: (State.SHIPPED, State.CANCELLED),
    State.SHIPPED: (State.DELIVERED,),
    State.DELIVERED: (),
    State.CANCELLED: (),
}
# Nobody works on it yet: its customer may call it off.
UNTOUCHED = (State.AWAITING_PAYMENT, State.PAID, State.PLACED)


class TransitionNotAllowed(Refusal):
    """The order is in a state that does not lead where it was to go."""

    code = "transition_not_allowed"
    title = Text(
        ru="В нынешнем состоянии заказа этого сделать нельзя.",
        en="The order's present state does not allow this.",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line as bought; *shipped* lines were taken from stock. *paid_minor* is what is left of
    it to pay after points, *tax_minor* the tax in that."""

    sku: str
    name: Text
    quantity: int
    price_minor: int
    shipped: bool
    paid_minor: int = 0
    tax_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who receives the goods where, by which *method* of which *carrier*, at which pick-up point
    if at one, and in how many days after the order if anybody promised."""

    recipient: str
    phone: str | None
    address: str
    method: str = "courier"
    carrier: str | None = None
    point_id: str | None = None
    days_min: int | None = None
    days_max: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a guest hears of the order: by one of the two at least."""

    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """The moment at which a state was reached."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """*day* is the shop's day on which it was placed; *points* are the lots that paid. A guest's
    order has the guest's *contact*. *tax_percent* is in every price."""

    id: str
    customer_id: str
    version: int
    day: date
    lines: tuple[Line, ...]
    totals: pricing.Totals
    currency: str
    points: Mapping[str, int]
    delivery: Delivery
    bill: Bill
    history: tuple[Step, ...]
    tracking_number: str | None = None
    gift: Gift | None = None
    contact: Contact | None = None
    tax_percent: int = 0
    delivery_tax_minor: int = 0

    @property
    def is_guests(self) -> bool:
        """Whether it was placed by a guest, and by nobody claimed since."""
        return self.contact is not None

    @property
    def tax_minor(self) -> int:
        return self.delivery_tax_minor + sum(line.tax_minor for line in self.lines)

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
            bill=self._billed(to),
            tracking_number=tracking_number or self.tracking_number,
        )

    def recalled(self, at: datetime) -> "Order":
        """The order cancelled by its customer, who may while nobody works on it."""
        if self.state not in UNTOUCHED:
            raise self._refusal()
        return self.moved(State.CANCELLED, at)

    def billed(self, bill: Bill) -> "Order":
        """The order with another bill, in the state that it was in."""
        return replace(self, version=self.version + 1, bill=bill)

    def _billed(self, to: State) -> Bill:
        if to is State.CANCELLED:
            return self.bill.called_off()
        if to is State.DELIVERED and self.bill.method is Method.CASH:
            return replace(self.bill, status=Status.CAPTURED)
        return self.bill

    def claimed(self, customer_id: str) -> "Order":
        """A guest's order, in the account of the customer whom the guest turned out to be."""
        version = self.version + 1
        return replace(self, customer_id=customer_id, version=version, contact=None)

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
