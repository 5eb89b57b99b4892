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


class Reason(StrEnum):
    CHANGED_MIND = "changed_mind"
    DOES_NOT_FIT = "does_not_fit"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    DEFECT = "defect"
    SHORTAGE = "shortage"


REASONS = {
    Reason.CHANGED_MIND: Text(ru="Передумал(а)", en="Changed my mind"),
    Reason.DOES_NOT_FIT: Text(ru="Не подошло", en="It does not fit"),
    Reason.NOT_AS_DESCRIBED: Text(ru="Не соответствует описанию", en="Not as described"),
    Reason.WRONG_ITEM: Text(ru="Прислали не то", en="Something else came"),
    Reason.DEFECT: Text(ru="Брак или повреждение", en="A defect or damage"),
    Reason.SHORTAGE: Text(ru="Не хватает в посылке", en="Missing from the parcel"),
}
COMPLAINTS = (Reason.DEFECT, Reason.SHORTAGE)
SHOPS_FAULT = (Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.DEFECT, Reason.SHORTAGE)


class Rejection(StrEnum):
    """Why a return is refused."""

    USED = "used"
    INCOMPLETE = "incomplete"
    NOT_CONFIRMED = "not_confirmed"
    NEVER_CAME = "never_came"
    OTHER = "other"


class State(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"


NEXT = {
    State.REQUESTED: (State.APPROVED, State.REJECTED, State.WITHDRAWN),
    State.APPROVED: (State.REFUNDED, State.REJECTED, State.WITHDRAWN),
    State.REJECTED: (),
    State.WITHDRAWN: (),
    State.REFUNDED: (),
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
class Item:
    """Pieces of one line of the order, and what is promised for them; of those that came back,
    some were *restocked* and some *scrapped*."""

    sku: str
    name: Text
    quantity: int
    reason: Reason
    paid_minor: int
    restocked: int = 0
    scrapped: int = 0

    @property
    def is_sent_back(self) -> bool:
        return self.reason is not Reason.SHORTAGE

    @property
    def accepted(self) -> int:
        """The pieces that money is given back for: those that came, or never did."""
        return self.restocked + self.scrapped if self.is_sent_back else self.quantity

    @property
    def accepted_minor(self) -> int:
        return self.paid_minor * self.accepted // self.quantity


@dataclass(frozen=True, slots=True)
class Promise:
    """What the customer gets back: money to where it came from and to the balance,
    *delivery_minor* of it for delivery, and *points* by lot; *taken* are points that the order
    had earned."""

    source_minor: int
    balance_minor: int
    delivery_minor: int
    points: Mapping[str, int]
    taken: int

    @property
    def total_minor(self) -> int:
        return self.source_minor + self.balance_minor

    @property
    def points_back(self) -> int:
        return sum(self.points.values())


@dataclass(frozen=True, slots=True)
class Step:
    """The moment at which a state was reached."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of what is complained of: of the order's line of that SKU."""

    id: str
    sku: str


@dataclass(frozen=True, slots=True)
class Return:
    """*promise* is what was promised, and what was given once it is refunded."""

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
        return NEXT[self.state]

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
