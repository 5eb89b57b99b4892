"""HTTP routes of support, for customers and for agents."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, audit, clock, cursors, idempotency
from common import api as shell
from common.errors import NotFound
from common.events.support import CustomerViewed
from support import desk, store, views
from support.ticket import State, Ticket

api = shell.create()


@api.post("/v1/tickets", responses=shell.shown(views.TicketView, HTTPStatus.CREATED))
def open_ticket(request: views.OpenTicket, key: idempotency.Key) -> Response[Any]:
    """Ask the shop for help, about an order if you like."""
    caller = access.customer(api)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "open-ticket", key, request)
    effect = partial(desk.open_ticket, call, caller.id, request, clock.now())
    return idempotency.once(call, shell.language(api), effect)


@api.get("/v1/tickets")
def list_tickets(
    limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None
) -> views.TicketsView:
    """List your tickets, newest first."""
    caller = access.customer(api)
    start = cursors.unseal(caller.id, "tickets", cursor)
    tickets, last = store.of_customer(caller.id, limit, start)
    return views.TicketsView(
        items=[views.ticket(ticket) for ticket in tickets],
        next_cursor=cursors.seal(caller.id, "tickets", last),
    )


@api.get("/v1/tickets/<ticket_id>")
def show_ticket(ticket_id: shell.Id) -> views.ThreadView:
    """Show one of your tickets with the whole conversation."""
    caller = access.customer(api)
    ticket, messages = _found(store.thread(ticket_id))
    return views.thread(_own(ticket, caller), messages)


@api.post(
    "/v1/tickets/<ticket_id>/messages", responses=shell.shown(views.PostedView, HTTPStatus.CREATED)
)
def reply(ticket_id: shell.Id, request: views.PostMessage, key: idempotency.Key) -> Response[Any]:
    """Write to the shop in one of your tickets; it is open again then."""
    caller = access.customer(api)
    ticket = _own(_found(store.find(ticket_id)), caller)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", f"reply#{ticket_id}", key, request)
    effect = partial(desk.reply, call, ticket, request, clock.now())
    return idempotency.once(call, shell.language(api), effect)


@api.get("/v1/staff/tickets")
def list_queue(
    state: Annotated[State, Query()] = State.OPEN,
    limit: shell.Limit = shell.PAGE_LIMIT,
    cursor: shell.Cursor = None,
) -> views.StaffTicketsView:
    """List the tickets in a state, those that wait longest first: agents theirs and nobody's,
    managers all. A page with fewer than asked for may go on."""
    caller = access.staff(api)
    listing = f"queue#{state}"
    tickets, last = store.queue(state, caller, limit, cursors.unseal(caller.id, listing, cursor))
    _seen(caller, *tickets)
    return views.StaffTicketsView(
        items=[views.staff_ticket(ticket) for ticket in tickets],
        next_cursor=cursors.seal(caller.id, listing, last),
    )


@api.get("/v1/staff/tickets/<ticket_id>")
def show_any_ticket(ticket_id: shell.Id) -> views.StaffThreadView:
    """Show a ticket with the whole conversation. That of another agent is for managers only."""
    caller = access.staff(api)
    ticket, messages = _found(store.thread(ticket_id))
    return views.staff_thread(_seen_by(caller, ticket), messages)


@api.put("/v1/staff/tickets/<ticket_id>/assignee")
def assign(ticket_id: shell.Id, request: views.Assignment) -> views.StaffTicketView:
    """Take a ticket, or give it back by null: other agents see it no longer, or again. Managers
    hand it over to whom they like."""
    caller = access.staff(api)
    ticket = _seen_by(caller, _found(store.find(ticket_id)))
    return views.staff_ticket(desk.assign(ticket, caller, request.staff_id))


@api.post(
    "/v1/staff/tickets/<ticket_id>/messages",
    responses=shell.shown(views.StaffPostedView, HTTPStatus.CREATED),
)
def answer(ticket_id: shell.Id, request: views.PostMessage, key: idempotency.Key) -> Response[Any]:
    """Answer the customer, who gets word of it; the ticket then waits for them."""
    caller = access.staff(api)
    ticket = _seen_by(caller, _found(store.find(ticket_id)))
    call = idempotency.attempt(f"STAFF#{caller.id}", f"answer#{ticket_id}", key, request)
    effect = partial(desk.answer, call, ticket, caller.id, request, clock.now())
    return idempotency.once(call, shell.language(api), effect)


@api.post("/v1/staff/tickets/<ticket_id>/transitions", responses=shell.shown(views.StaffTicketView))
def move(ticket_id: shell.Id, request: views.Transition, key: idempotency.Key) -> Response[Any]:
    """Resolve, close or reopen a ticket."""
    caller = access.staff(api)
    ticket = _seen_by(caller, _found(store.find(ticket_id)))
    call = idempotency.attempt(f"STAFF#{caller.id}", f"move#{ticket_id}", key, request)
    effect = partial(desk.move, call, ticket, State(request.to), clock.now())
    return idempotency.once(call, shell.language(api), effect)


def _found[T](thing: T | None) -> T:
    if thing is None:
        raise NotFound
    return thing


def _seen_by(caller: access.Caller, ticket: Ticket) -> Ticket:
    """The ticket, which it is entered that they see. NotFound where it is another agent's."""
    if not ticket.is_open_to(caller):
        raise NotFound
    _seen(caller, ticket)
    return ticket


def _seen(caller: access.Caller, *tickets: Ticket) -> None:
    """Enter that a member of staff sees *tickets*, before they do."""
    shown = [audit.Viewed(ticket.customer_id, "ticket", ticket.id) for ticket in tickets]
    audit.enter(CustomerViewed, caller, *shown)


def _own(ticket: Ticket, caller: access.Caller) -> Ticket:
    if ticket.customer_id != caller.id:
        raise NotFound
    return ticket


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
