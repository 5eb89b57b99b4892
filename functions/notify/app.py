"""HTTP routes of notify."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime

from common import access, cursors
from common import api as shell
from common.errors import NotFound
from notify import store
from notify.message import Channel, Message, State, first_line

api = shell.create()


class InboxItemView(shell.View):
    """A message in the list; `letter` names the event that it tells of, `channel` the way that it
    went: `inbox` is nowhere but here."""

    id: str
    letter: str
    subject: str
    preview: str
    state: State
    channel: Channel | None
    created_at: AwareDatetime
    sent_at: AwareDatetime | None


class MessageView(InboxItemView):
    text: str


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
    return MessageView(**_shown(message), text=message.text)


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "letter": message.letter,
        "subject": message.subject,
        "preview": first_line(message.text),
        "state": message.state,
        "channel": message.channel,
        "created_at": message.created_at,
        "sent_at": message.sent_at,
    }


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
