"""The secret address of a customer's bookings, for their calendar.

A token names the customer and the link, with a keyed hash over both: nothing secret is stored, and
a link that was taken back opens nothing again.
"""

from common import links

PURPOSE = "calendar"


def seal(customer_id: str, link_id: str) -> str:
    return links.seal_ids(PURPOSE, customer_id, link_id)


def unseal(token: str) -> tuple[str, str]:
    """Whose bookings, by which link. NotFound unless this shop sealed it."""
    return links.unseal_ids(PURPOSE, token)
