"""Invitations to the staff: a sealed link on its way to whoever is asked to join."""

from common.events.staff import StaffInvited
from notify import sealed_letter
from notify.delivery import Way
from notify.one_time_code import SENT_WITHIN
from notify.sealed_letter import Opened


def send(event: StaffInvited) -> None:
    """Send the link."""
    name = f"{event.name}.renewal" if event.renews else None
    sealed_letter.send(event, event.invitation_id, SENT_WITHIN, _by_email, name)


def _by_email(opened: Opened) -> list[Way]:
    return [opened.by_email()]
