"""Risk: what is unusual about a sign-in, and what follows from it. Pure.

Nothing here is proof. A device and a network are as the client and the day have them, so either
alone is everybody's Monday; a strange network together with one more strange thing is worth a
second proof, and a device never seen a letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MANY_FAILURES = 5


class Reason(StrEnum):
    NEW_DEVICE = "new_device"
    NEW_NETWORK = "new_network"
    NEW_COUNTRY = "new_country"
    MANY_FAILURES = "many_failures"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in comes from, as marks that an account keeps (auth.devices); *country* is None
    where nobody knows it."""

    network: str
    device: str
    country: str | None

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(mark for mark in (self.network, self.device, self.country) if mark)


def assess(seen: Sequence[str], origin: Origin, failures: int) -> tuple[Reason, ...]:
    """What is unusual for an account that has *seen* those marks, after as many *failures* lately.

    Nothing is for one that has seen none: it has just begun. A country that nobody knows is new
    to an account whose countries were known.
    """
    if not seen:
        return ()
    countries = [mark for mark in seen if mark.startswith("country:")]
    found = {
        Reason.NEW_DEVICE: origin.device not in seen,
        Reason.NEW_NETWORK: origin.network not in seen,
        Reason.NEW_COUNTRY: bool(countries) and origin.country not in countries,
        Reason.MANY_FAILURES: failures >= MANY_FAILURES,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def wants_proof(reasons: Sequence[Reason]) -> bool:
    """Whether a password is not enough: a strange network, and something else that is strange."""
    return Reason.NEW_NETWORK in reasons and len(reasons) > 1


def is_told(reasons: Sequence[Reason]) -> bool:
    """Whether the owner hears of the sign-in."""
    return Reason.NEW_DEVICE in reasons or wants_proof(reasons)
