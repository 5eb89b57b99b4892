"""HTTP routes of notify."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime

from common import access, cursors, pages
from common import api as shell
from common.errors import NotFound
from notify import store
from notify.message import Channel, Message, Reason, State, Topic, first_line
from notify.preferences import app as preferences
from notify.unsubscribe import app as unsubscribing
from notify.why import why

api = shell.create()
api.include_router(preferences.router)
api.include_router(unsubscribing.router)


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
    message = store.message(access.customer(api).id, message_id)
    if message is None:
        raise NotFound
    told = why(message)[shell.language(api)]
    return MessageView(**_shown(message), text=message.text, why=told)


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
    }


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, pages.without_form(event, unsubscribing.PREFIX), context)
