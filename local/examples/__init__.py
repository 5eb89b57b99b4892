"""A body for each route that takes one, as a client would send it.

The document shows them, and the tests of rights send them.
"""

from local.examples import auth, bookings, loyalty, notify, orders, passkeys, support

BODIES = (
    auth.BODIES
    | bookings.BODIES
    | loyalty.BODIES
    | passkeys.BODIES
    | notify.BODIES
    | orders.BODIES
    | support.BODIES
)
