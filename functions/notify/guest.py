"""Guests, who have no inbox and cannot choose how they are written to. Pure."""

from dataclasses import replace
from typing import Any

from common.events.orders import OrderFailed, OrderReadyForPickup, OrderShipped
from common.events.pickup import OrderUncollected, PickupEnding
from notify.message import Topic
from notify.preferences.preferences import Choice
from notify.recipient import Recipient

# What a guest must not miss. The shop works on the order by then: before, nobody vouches for the
# number, and whoever orders could have any telephone written to at the shop's cost.
BY_SMS = {
    kind.name
    for kind in (OrderFailed, OrderReadyForPickup, OrderShipped, OrderUncollected, PickupEnding)
}


def reached(event: Any, to: Recipient) -> Recipient:
    """*to* as they are written to about *event*: a guest who gave a phone alone, by SMS."""
    if not _is_guests(event) or to.contact.email or event.name not in BY_SMS:
        return to
    chosen = {Topic.ORDERS: Choice(consent=True, sms=True)}
    return replace(to, preferences=to.preferences.with_(chosen))


def page(event: Any) -> str:
    """Where all that an SMS is about can be read."""
    return f"/orders/{event.order_id}" if _is_guests(event) else "/inbox"


def _is_guests(event: Any) -> bool:
    return getattr(event, "guest", False)
