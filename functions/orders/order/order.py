"""An order: what was bought, and the states it goes through. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from common import pricing
from orders.gift import Gift
from orders.order import parcel
from orders.order.bill import Bill, Method, Status
from orders.order.number import number
from orders.order.parcel import Parcel, Tiding
from orders.order.parts import NOTHING_RETURNED, Contact, Delivery, Line, Returned, Used
from orders.order.refusal import TransitionNotAllowed

# How long a pick-up point keeps what nobody fetches.
KEPT_AT_POINT = timedelta(days=7)


class State(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PLACED = "placed"
    ASSEMBLING = "assembling"
    SHIPPED = "shipped"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNCOLLECTED = "uncollected"
    RETURNED = "returned"


NEXT = {
    State.AWAITING_PAYMENT: (State.PAID, State.CANCELLED),
    State.PAID: (State.ASSEMBLING, State.CANCELLED),
    State.PLACED: (State.ASSEMBLING, State.CANCELLED),
    State.ASSEMBLING: (State.SHIPPED, State.CANCELLED),
    State.SHIPPED: (State.READY_FOR_PICKUP, State.DELIVERED),
    State.READY_FOR_PICKUP: (State.DELIVERED, State.UNCOLLECTED),
    State.UNCOLLECTED: (State.RETURNED,),
    State.RETURNED: (),
    State.DELIVERED: (State.COMPLETED,),
    State.COMPLETED: (),
    State.CANCELLED: (),
}
# Where nothing is shipped, nothing is packed: it is done, or it is off.
NEXT_UNSHIPPED = {
    State.PAID: (State.DELIVERED, State.CANCELLED),
    State.PLACED: (State.DELIVERED, State.CANCELLED),
}
# Nobody works on it yet: its customer may call it off.
UNTOUCHED = (State.AWAITING_PAYMENT, State.PAID, State.PLACED)
# Nothing moves any longer, though the time to give things back may run.
AT_REST = (State.DELIVERED, State.COMPLETED, State.CANCELLED, State.RETURNED)
# It is off: what was paid goes back.
OFF = (State.CANCELLED, State.UNCOLLECTED)


@dataclass(frozen=True, slots=True)
class Step:
    """The moment at which a state was reached."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """*day* is the shop's day on which it was placed; *points* are the lots that paid. A guest's
    order has the guest's *contact*. *tax_percent* is in every price. It brings what was exchanged
    of the order that it *replaces*."""

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
    parcels: tuple[Parcel, ...] = ()
    gift: Gift | None = None
    contact: Contact | None = None
    tax_percent: int = 0
    delivery_tax_minor: int = 0
    returned: Returned = NOTHING_RETURNED
    replaces: str | None = None
    coupon: Used | None = None

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
        """Where it can go from here: only what goes to a pick-up point waits at one."""
        if not self.goods and self.state in NEXT_UNSHIPPED:
            return NEXT_UNSHIPPED[self.state]
        at_point = self.delivery.point_id is not None
        return tuple(x for x in NEXT[self.state] if at_point or x is not State.READY_FOR_PICKUP)

    @property
    def is_moving(self) -> bool:
        """Whether somebody works on it, or carries it."""
        return self.state not in AT_REST

    @property
    def has_arrived(self) -> bool:
        """Whether its customer has it, be the time to give it back over or not."""
        return self.state in (State.DELIVERED, State.COMPLETED)

    @property
    def delivered_at(self) -> datetime:
        """When it arrived, if it `has_arrived`."""
        return next(step.at for step in self.history if step.state is State.DELIVERED)

    @property
    def kept_until(self) -> datetime | None:
        """Until when it waits at its pick-up point, if it does."""
        waits = self.state is State.READY_FOR_PICKUP
        return self.changed_at + KEPT_AT_POINT if waits else None

    @property
    def tracking_number(self) -> str | None:
        """The first parcel's: most orders have no other."""
        return self.parcels[0].tracking_number if self.parcels else None

    @property
    def brought_to(self) -> State | None:
        """The next state, where all its parcels have come to it."""
        there = {one.status for one in self.parcels}
        if there == {parcel.Status.DELIVERED}:
            reached = State.DELIVERED
        elif there and there <= {parcel.Status.DELIVERED, parcel.Status.READY_FOR_PICKUP}:
            reached = State.READY_FOR_PICKUP
        else:
            return None
        return reached if reached in self.next_states else None

    @property
    def points_spent(self) -> int:
        return sum(self.points.values())

    @property
    def goods(self) -> list[Line]:
        """The lines that stock is kept of."""
        return [line for line in self.lines if line.shipped]

    @property
    def services(self) -> int:
        """How many were bought."""
        return sum(line.quantity for line in self.lines if line.is_service)

    @property
    def is_gift_cards(self) -> bool:
        """Whether there is nothing else in it."""
        return all(line.money for line in self.lines)

    def moved(self, to: State, at: datetime, parcels: tuple[Parcel, ...] = ()) -> "Order":
        """The order in its next state, packed in *parcels* if it is now. Raise
        TransitionNotAllowed."""
        if to not in self.next_states:
            raise self._refusal()
        return replace(
            self,
            version=self.version + 1,
            history=(*self.history, Step(to, at)),
            bill=self._billed(to),
            parcels=parcels or self.parcels,
        )

    def tracked(self, named: tuple[str, str], tiding: Tiding) -> "Order":
        """The order with what the carrier told of the parcel *named*; the same where nothing of
        that is new."""
        parcels = parcel.noted(self.parcels, named, tiding)
        if parcels == self.parcels:
            return self
        return replace(self, version=self.version + 1, parcels=parcels)

    def recalled(self, at: datetime) -> "Order":
        """The order cancelled by its customer, who may while nobody works on it."""
        if self.state not in UNTOUCHED:
            raise self._refusal()
        return self.moved(State.CANCELLED, at)

    def billed(self, bill: Bill) -> "Order":
        """The order with another bill, in the state that it was in."""
        return replace(self, version=self.version + 1, bill=bill)

    def _billed(self, to: State) -> Bill:
        if to in OFF:
            return self.bill.called_off()
        if to is State.SHIPPED:
            return self.bill.shipped()
        if to is State.DELIVERED and self.bill.method is Method.CASH:
            return replace(self.bill, status=Status.CAPTURED)
        return self.bill

    def claimed(self, customer_id: str) -> "Order":
        """A guest's order, in the account of the customer whom the guest turned out to be."""
        bill, version = replace(self.bill, payer_id=customer_id), self.version + 1
        return replace(self, customer_id=customer_id, version=version, bill=bill, contact=None)

    def _refusal(self) -> TransitionNotAllowed:
        return TransitionNotAllowed(state=self.state, next_states=list(self.next_states))
