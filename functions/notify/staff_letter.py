"""Invitations to the staff: a sealed link on its way to whoever is asked to join."""

from common.events.staff import StaffInvited
from notify import sealed_letter
from notify.one_time_code import SENT_WITHIN


def send(event: StaffInvited) -> None:
    """Send the link."""
    sealed_letter.send(event, event.invitation_id, SENT_WITHIN, lambda opened: [opened.by_email()])
