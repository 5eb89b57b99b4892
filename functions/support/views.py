"""What support's routes take and show."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from common import api as shell
from common.fields import OwnLine, OwnProse
from support.ticket import NEXT, Author, Category, Message, State, Ticket

OrderId = Annotated[str, Field(min_length=1, max_length=64)]


class OpenTicket(shell.Body):
    subject: OwnLine
    text: OwnProse
    category: Category
    order_id: OrderId | None = None


class PostMessage(shell.Body):
    text: OwnProse


class Transition(shell.Body):
    to: Literal[State.OPEN, State.RESOLVED, State.CLOSED]


class Assignment(shell.Body):
    """`staff_id` is whose ticket it is to be, or null for nobody's."""

    staff_id: Annotated[str, Field(pattern=shell.UUID)] | None


class TicketView(shell.View):
    id: str
    number: str
    subject: str
    category: Category
    order_id: str | None
    state: State
    message_count: int
    created_at: AwareDatetime
    updated_at: AwareDatetime


class MessageView(shell.View):
    id: str
    author: Author
    text: str
    at: AwareDatetime


class ThreadView(TicketView):
    messages: list[MessageView]


class PostedView(shell.View):
    """The message as written, and the ticket as it is now."""

    message: MessageView
    ticket: TicketView


class TicketsView(shell.View):
    items: list[TicketView]
    next_cursor: str | None


class StaffTicketView(TicketView):
    customer_id: str
    assignee: Annotated[str | None, Field(description="Whose ticket it is among the staff")]
    next_states: list[State]


class StaffThreadView(StaffTicketView):
    messages: list[MessageView]


class StaffPostedView(shell.View):
    message: MessageView
    ticket: StaffTicketView


class StaffTicketsView(shell.View):
    items: list[StaffTicketView]
    next_cursor: str | None


def ticket(shown: Ticket) -> TicketView:
    return TicketView(
        id=shown.id,
        number=shown.number,
        subject=shown.subject,
        category=shown.category,
        order_id=shown.order_id,
        state=shown.state,
        message_count=shown.messages,
        created_at=shown.created_at,
        updated_at=shown.updated_at,
    )


def message(shown: Message) -> MessageView:
    return MessageView(id=shown.id, author=shown.author, text=shown.text, at=shown.at)


def thread(shown: Ticket, messages: list[Message]) -> ThreadView:
    return ThreadView(**ticket(shown).model_dump(), messages=[message(m) for m in messages])


def staff_ticket(shown: Ticket) -> StaffTicketView:
    return StaffTicketView(
        **ticket(shown).model_dump(),
        customer_id=shown.customer_id,
        assignee=shown.assignee,
        next_states=list(NEXT[shown.state]),
    )


def staff_thread(shown: Ticket, messages: list[Message]) -> StaffThreadView:
    known = staff_ticket(shown).model_dump()
    return StaffThreadView(**known, messages=[message(m) for m in messages])
