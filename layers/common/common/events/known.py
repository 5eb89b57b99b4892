"""Every event there is, by its name."""

from common.events import (
    Event,
    auth,
    bookings,
    catalogue,
    erasure,
    imports,
    loyalty,
    notify,
    orders,
    passkeys,
    pickup,
    repeats,
    returns,
    reviews,
    sign_in,
    staff,
    support,
    wallet,
)

MODULES = (
    auth,
    sign_in,
    passkeys,
    staff,
    erasure,
    orders,
    wallet,
    pickup,
    repeats,
    returns,
    catalogue,
    imports,
    reviews,
    bookings,
    loyalty,
    notify,
    support,
)


def _leaves(kind: type[Event]) -> list[type[Event]]:
    below = [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]
    return below or [kind]


EVENTS: dict[str, type[Event]] = {kind.name: kind for kind in _leaves(Event)}
