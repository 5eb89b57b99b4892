"""HTTP routes of notify."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime

from common import access, clock, cursors, ids, pages
from common import api as shell
from common.errors import NotFound
from common.events.notify import MessageRead
from notify import store
from notify.message import Channel, Message, Reason, State, Topic, first_line
from notify.preferences import app as preferences
from notify.push import app as pushing
from notify.unsubscribe import app as unsubscribing
from notify.why import why

api = shell.create()
api.include_router(preferences.router)
api.include_router(unsubscribing.router)
api.include_router(pushing.router)


class InboxItemView(shell.View):
    """A message in the list; `letter` names the event that it tells of, `channel` the way that it
    went: `inbox` is nowhere but here. `reason` is the gate that stopped it."""

    id: str
    letter: str
    subject: str
    preview: str
    state: State
    channel: Channel | None
    topic: Topic | None
    reason: Reason | None
    created_at: AwareDatetime
    sent_at: AwareDatetime | None
    read_at: AwareDatetime | None


class MessageView(InboxItemView):
    """`why` says, for the customer, why the message came or did not."""

    text: str
    why: str


class InboxView(shell.View):
    items: list[InboxItemView]
    next_cursor: str | None


@api.get("/v1/inbox")
def show_inbox(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> InboxView:
    """List the customer's messages, newest first."""
    caller = access.customer(api)
    start = cursors.unseal(caller.id, "inbox", cursor)
    page = store.inbox(caller.id, limit, start)
    return InboxView(
        items=[InboxItemView(**_shown(message)) for message in page.messages],
        next_cursor=cursors.seal(caller.id, "inbox", page.last),
    )


@api.get("/v1/inbox/<message_id>")
def show_message(message_id: shell.Id) -> MessageView:
    """Show one message with its words."""
    message = _found(access.customer(api).id, message_id)
    told = why(message)[shell.language(api)]
    return MessageView(**_shown(message), text=message.text, why=told)


@api.put("/v1/inbox/<message_id>/read", responses={204: {"description": "The message is read"}})
def read_message(message_id: shell.Id) -> Response[Any]:
    """Say that you have read a message: it is counted as new no longer."""
    caller = access.customer(api)
    if _found(caller.id, message_id).is_unread:
        store.mark_read(_read(caller.id, message_id))
    return Response(HTTPStatus.NO_CONTENT)


def _found(customer_id: str, message_id: str) -> Message:
    message = store.message(customer_id, message_id)
    if message is None:
        raise NotFound
    return message


def _read(customer_id: str, message_id: str) -> MessageRead:
    return MessageRead(
        id=ids.derived(message_id, MessageRead.name),
        occurred_at=clock.now(),
        customer_id=customer_id,
        message_id=message_id,
    )


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "letter": message.letter,
        "subject": message.subject,
        "preview": first_line(message.text),
        "state": message.state,
        "channel": message.channel,
        "topic": message.topic,
        "reason": message.reason,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
        "read_at": message.read_at,
    }


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, pages.without_form(event, unsubscribing.PREFIX), context)
