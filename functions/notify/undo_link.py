"""Links that undo a change of contacts, to whoever had the contact before."""

from datetime import timedelta

from common.events.auth import ContactUndoOffered
from notify import sealed_letter
from notify.delivery import Way
from notify.sealed_letter import Opened

# As long as auth lets a change of contacts be undone.
LINK_LIVES = timedelta(days=7)


def send(event: ContactUndoOffered) -> None:
    """Send the link to where the customer was reached, while it leads anywhere."""

    def ways(opened: Opened) -> list[Way]:
        path = f"/v1/auth/contact-undos/{opened.sealed['token']}"
        return [opened.by(event.channel, path)]

    sealed_letter.send(event, event.challenge_id, LINK_LIVES, ways)
