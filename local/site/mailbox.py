"""The outbox as pages: the list, the message that is open, and a letter on its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from local import outbox
from local.site import answers
from local.site.shop_clock import ShopClock

if TYPE_CHECKING:
    from local.outbox import Message
    from local.site.answers import Answer
    from local.stack import Stack

LISTED = 200
GONE = "There is no such letter: the local shop was reset, or the address is mistyped."


@dataclass(frozen=True)
class Mailbox:
    """What *running* sent so far, read afresh for each page."""

    running: Stack
    clock: ShopClock

    def messages(self) -> list[Message]:
        return outbox.messages(self.running["endpoint_url"])

    def as_json(self) -> Answer:
        return answers.document({"messages": [asdict(message) for message in self.messages()]})

    def page(self, chosen: str = "") -> Answer:
        """The list beside the message *chosen*, or beside the newest where there is room."""
        found = self.messages()
        shown = next((m for m in found if chosen in ("", m.id)), None)
        if chosen and not shown:
            return answers.trouble(404, GONE)
        since = self.clock.since()
        new = {message.id for message in found if since and message.sent_at >= since}
        return answers.page(
            "outbox",
            messages=found[:LISTED],
            older=len(found[LISTED:]),
            shown=shown,
            chosen=chosen,
            new=new,
            clock=self.clock.face(),
        )

    def letter(self, id: str) -> Answer:
        """The letter's own HTML, which is let do nothing but be looked at."""
        found = [message.html for message in self.messages() if message.id == id and message.html]
        if not found:
            return answers.trouble(404, GONE)
        return answers.Answer(found[0].encode(), policy=answers.LETTER)
