"""Counters that bound guessing and spending: so many per subject and window.

pk                        sk              what
LIMIT#<name>#<subject>    <window start>  how many were taken in this window
"""

import math
from dataclasses import dataclass

from common import clock, pepper, table
from common.conditions import Attr
from common.errors import TooManyRequests


@dataclass(frozen=True, slots=True)
class Limit:
    """*allowed* calls per subject in each window of *seconds*."""

    name: str
    allowed: int
    seconds: int


def take(limit: Limit, subject: str) -> None:
    """Count one call of *subject*. TooManyRequests when the window is used up.

    The subject is stored as a keyed hash: addresses and logins stay out of the table.
    """
    now = math.floor(clock.now().timestamp())
    start = now - now % limit.seconds
    end = start + limit.seconds
    try:
        table.apply(
            table.update(
                f"LIMIT#{limit.name}#{pepper.mac('limit', limit.name, subject).hex()[:32]}",
                str(start),
                add={"taken": 1},
                assign={"expires_at": end},
                condition=Attr("taken").not_exists() | Attr("taken").lt(limit.allowed),
            )
        )
    except table.ConditionFailed as refused:
        raise TooManyRequests(end - now) from refused
