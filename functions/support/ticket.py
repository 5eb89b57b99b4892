"""A ticket: what a customer asks and how the shop answers. Pure."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from common.access import Caller, Role
from common.errors import Forbidden, Problem, Refusal
from common.language import Text

type Author = Literal["customer", "agent"]
type Category = Literal["order", "payment", "delivery", "product", "account", "other"]

MOST_MESSAGES = 200
NUMBER_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another


class State(StrEnum):
    """Open waits for an agent, pending for the customer; resolved may reopen, closed may not."""

    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


# Where an agent may move a ticket; messages move it to open and pending by themselves.
NEXT = {
    State.OPEN: (State.RESOLVED,),
    State.PENDING: (State.OPEN, State.RESOLVED),
    State.RESOLVED: (State.OPEN, State.CLOSED),
    State.CLOSED: (),
}
AFTER_MESSAGE: dict[Author, State] = {"customer": State.OPEN, "agent": State.PENDING}


class UnknownOrder(Problem):
    """The customer has no such order, or support has not heard of it yet."""

    status = 422
    code = "unknown_order"
    title = Text(
        ru="Такого заказа у вас нет. Выберите заказ из списка.",
        en="You have no such order. Choose one from your list.",
    )


class TicketClosed(Refusal):
    code = "ticket_closed"
    title = Text(
        ru="Это обращение закрыто. Создайте новое, и мы поможем.",
        en="This ticket is closed. Open a new one and we will help.",
    )


class TicketFull(Refusal):
    code = "ticket_full"
    title = Text(
        ru="Переписка стала слишком длинной. Создайте новое обращение, и мы продолжим.",
        en="This conversation has grown too long. Open a new ticket and we will go on.",
    )


class TransitionNotAllowed(Refusal):
    code = "transition_not_allowed"
    title = Text(
        ru="Из нынешнего состояния обращение так перевести нельзя.",
        en="The ticket cannot move there from its present state.",
    )


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket; *author_id* is never shown to the other side."""

    id: str
    author: Author
    author_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with the count of its messages; every change raises its version. *assignee* is the
    member of staff who has taken it, or to whom it was handed over."""

    id: str
    customer_id: str
    subject: str
    category: Category
    order_id: str | None
    state: State
    messages: int
    created_at: datetime
    updated_at: datetime
    version: int
    assignee: str | None = None

    def is_open_to(self, caller: Caller) -> bool:
        """Whether that member of staff may see it: agents what is theirs or nobody's yet, who
        leads them all there is."""
        return caller.role > Role.AGENT or self.assignee in (None, caller.id)

    @property
    def number(self) -> str:
        return number(self.id)


def number(ticket_id: str) -> str:
    """What people call the ticket, such as T-4K7Q-9ZT2."""
    value = int.from_bytes(hashlib.sha256(ticket_id.encode()).digest()[:5])
    letters = "".join(NUMBER_LETTERS[value >> shift & 31] for shift in range(35, -5, -5))
    return f"T-{letters[:4]}-{letters[4:]}"


def opened(
    ticket_id: str,
    customer_id: str,
    subject: str,
    category: Category,
    order_id: str | None,
    at: datetime,
) -> Ticket:
    """A new ticket, with its first message."""
    return Ticket(ticket_id, customer_id, subject, category, order_id, State.OPEN, 1, at, at, 1)


def answered(ticket: Ticket, author: Author, at: datetime) -> Ticket:
    """*ticket* after one more message. TicketClosed, or TicketFull when there are too many."""
    if ticket.state is State.CLOSED:
        raise TicketClosed
    if ticket.messages >= MOST_MESSAGES:
        raise TicketFull(most_messages=MOST_MESSAGES)
    changed = _changed(ticket, AFTER_MESSAGE[author], at)
    return replace(changed, messages=ticket.messages + 1)


def moved(ticket: Ticket, to: State, at: datetime) -> Ticket:
    """*ticket* where an agent puts it. TransitionNotAllowed names the states it may go to."""
    if to not in NEXT[ticket.state]:
        raise TransitionNotAllowed(state=ticket.state, next_states=list(NEXT[ticket.state]))
    return _changed(ticket, to, at)


def assigned(ticket: Ticket, caller: Caller, to: str | None) -> Ticket:
    """*ticket* where it is *to*'s, or nobody's; it stays where it is in the queue. Forbidden for
    an agent who would give it to somebody else."""
    if caller.role is Role.AGENT and to not in (None, caller.id):
        raise Forbidden
    return replace(ticket, assignee=to, version=ticket.version + 1)


def _changed(ticket: Ticket, state: State, at: datetime) -> Ticket:
    return replace(ticket, state=state, updated_at=at, version=ticket.version + 1)
