"""What happens at the support desk: each call decides, writes and gives its answer.

Every one may raise idempotency.Repeated, and Busy when somebody else changed the ticket first.
"""

from datetime import datetime
from http import HTTPStatus

from common import idempotency, ids
from common.access import Caller
from common.events import Event
from common.events.support import TicketAnswered, TicketOpened, TicketReopened, TicketResolved
from support import store, ticket, views
from support.ticket import Message, State, Ticket

type Answer[V] = tuple[HTTPStatus, V]


def open_ticket(
    call: idempotency.Attempt, customer_id: str, request: views.OpenTicket, at: datetime
) -> Answer[views.TicketView]:
    opened = ticket.opened(
        ids.new(at), customer_id, request.subject, request.category, request.order_id, at
    )
    first = Message(ids.new(at), "customer", customer_id, request.text, at)
    event = TicketOpened(
        id=ids.derived(first.id, TicketOpened.name),
        occurred_at=at,
        subject_version=opened.version,
        customer_id=customer_id,
        ticket_id=opened.id,
        number=opened.number,
        category=opened.category,
        order_id=opened.order_id,
    )
    view = views.ticket(opened)
    store.add(call, view, opened, first, event)
    return HTTPStatus.CREATED, view


def reply(
    call: idempotency.Attempt, before: Ticket, request: views.PostMessage, at: datetime
) -> Answer[views.PostedView]:
    after = ticket.answered(before, "customer", at)
    message = Message(ids.new(at), "customer", before.customer_id, request.text, at)
    view = views.PostedView(message=views.message(message), ticket=views.ticket(after))
    store.change(call, HTTPStatus.CREATED, view, after, message, _turn(before, after))
    return HTTPStatus.CREATED, view


def answer(
    call: idempotency.Attempt,
    before: Ticket,
    agent_id: str,
    request: views.PostMessage,
    at: datetime,
) -> Answer[views.StaffPostedView]:
    after = ticket.answered(before, "agent", at)
    message = Message(ids.new(at), "agent", agent_id, request.text, at)
    view = views.StaffPostedView(message=views.message(message), ticket=views.staff_ticket(after))
    store.change(call, HTTPStatus.CREATED, view, after, message, _told(TicketAnswered, after))
    return HTTPStatus.CREATED, view


def move(
    call: idempotency.Attempt, before: Ticket, to: State, at: datetime
) -> Answer[views.StaffTicketView]:
    after = ticket.moved(before, to, at)
    view = views.staff_ticket(after)
    store.change(call, HTTPStatus.OK, view, after, event=_turn(before, after))
    return HTTPStatus.OK, view


def assign(before: Ticket, caller: Caller, to: str | None) -> Ticket:
    """The ticket as *to*'s; nothing changes where it is so already. Forbidden."""
    after = ticket.assigned(before, caller, to)
    if before.assignee == to:
        return before
    store.assign(after)
    return after


def _turn(before: Ticket, after: Ticket) -> Event | None:
    """What to tell of a ticket that is resolved by now, or is so no longer."""
    match before.state, after.state:
        case _, State.RESOLVED:
            return _told(TicketResolved, after)
        case State.RESOLVED, State.OPEN:
            return _told(TicketReopened, after)
    return None


def _told(kind: type[TicketAnswered | TicketResolved | TicketReopened], changed: Ticket) -> Event:
    """The event of a ticket's change; its version makes the id this change's own."""
    return kind(
        id=ids.derived(changed.id, f"{kind.name}#{changed.version}"),
        occurred_at=changed.updated_at,
        subject_version=changed.version,
        customer_id=changed.customer_id,
        ticket_id=changed.id,
        number=changed.number,
    )
