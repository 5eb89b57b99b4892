"""Returns, and the states they go through. Pure.

A complaint of a defect or a shortage is a return whose reasons say so: what never came, nobody
sends back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.errors import Refusal
from common.language import Text
from orders.order.number import number
from orders.order.order import Order
from orders.returns.parts import Exchange, Item, Photo, Promise
from orders.returns.reasons import COMPLAINTS, Rejection


class State(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"


NEXT = {
    State.REQUESTED: (State.APPROVED, State.REJECTED, State.WITHDRAWN),
    State.APPROVED: (State.REFUNDED, State.EXCHANGED, State.REJECTED, State.WITHDRAWN),
    State.REJECTED: (),
    State.WITHDRAWN: (),
    State.REFUNDED: (),
    State.EXCHANGED: (),
}


class ReturnNotReady(Refusal):
    """The return is in a state that does not lead where it was to go."""

    code = "return_not_ready"
    title = Text(
        ru="В нынешнем состоянии возврата этого сделать нельзя.",
        en="The return's present state does not allow this.",
    )


class MoreThanSent(Refusal):
    """More was received than the return is about."""

    code = "more_than_sent"
    title = Text(
        ru="Получено больше, чем указано в возврате.", en="More came than the return is about."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """The moment at which a state was reached."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Return:
    """*promise* is what was promised, and what was given once it is refunded. The order
    *replacement_id* brings what was exchanged."""

    id: str
    customer_id: str
    order_id: str
    order_number: str
    currency: str
    version: int
    items: tuple[Item, ...]
    promise: Promise
    comment: str | None
    history: tuple[Step, ...]
    rejection: Rejection | None = None
    note: str | None = None
    photos: tuple[Photo, ...] = ()
    replacement_id: str | None = None

    @property
    def number(self) -> str:
        """By what the parcel is known when it comes back."""
        return rma(self.id)

    @property
    def state(self) -> State:
        return self.history[-1].state

    @property
    def changed_at(self) -> datetime:
        return self.history[-1].at

    @property
    def next_states(self) -> tuple[State, ...]:
        exchanging = bool(self.exchanges)
        return tuple(x for x in NEXT[self.state] if exchanging or x is not State.EXCHANGED)

    @property
    def exchanges(self) -> list[tuple[Item, Exchange]]:
        return [(item, item.exchange) for item in self.items if item.exchange]

    @property
    def is_complaint(self) -> bool:
        return any(item.reason in COMPLAINTS for item in self.items)

    @property
    def is_sent_back(self) -> bool:
        """Whether anything is to come back before money goes."""
        return any(item.is_sent_back for item in self.items)

    def moved(self, to: State, at: datetime) -> "Return":
        """The return in its next state. Raise ReturnNotReady."""
        if to not in self.next_states:
            raise ReturnNotReady(state=self.state, next_states=list(self.next_states))
        return replace(self, version=self.version + 1, history=(*self.history, Step(to, at)))

    def rejected(self, why: Rejection, note: str | None, at: datetime) -> "Return":
        return replace(self.moved(State.REJECTED, at), rejection=why, note=note)

    def received(self, came: Mapping[str, tuple[int, int]]) -> "Return":
        """The return with how many pieces of each SKU were restocked and scrapped. Raise
        MoreThanSent."""
        known = {item.sku: item.quantity for item in self.items if item.is_sent_back}
        for sku, pieces in came.items():
            if sum(pieces) > known.get(sku, 0):
                raise MoreThanSent(sku=sku, most=known.get(sku, 0))
        return replace(self, items=tuple(_received(item, came) for item in self.items))


def _received(item: Item, came: Mapping[str, tuple[int, int]]) -> Item:
    restocked, scrapped = came.get(item.sku, (0, 0))
    return replace(item, restocked=restocked, scrapped=scrapped)


def rma(return_id: str) -> str:
    """The number of a return."""
    return f"R-{number(return_id)}"


def begun(
    return_id: str,
    order: Order,
    items: Sequence[Item],
    promise: Promise,
    comment: str | None,
    at: datetime,
) -> Return:
    """A return that was just asked for."""
    return Return(
        id=return_id,
        customer_id=order.customer_id,
        order_id=order.id,
        order_number=order.number,
        currency=order.currency,
        version=1,
        items=tuple(items),
        promise=promise,
        comment=comment,
        history=(Step(State.REQUESTED, at),),
    )
