"""An erasure: the stages it goes through. Pure.

Waiting is the time in which the customer may change their mind. When it is over, or a day after
an obstacle was met, whoever may know an obstacle is asked; an answer counts for its round only.
Then the account closes, and once no access token of it can live, is asked again, since an order
may have been placed in between: only then everything is erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

# Longer than an access token lives.
CLOSING = timedelta(minutes=15)
AGAIN_AFTER = timedelta(days=1)
# Who reports; insights holds nothing of anybody.
CAPABILITIES = frozenset({"auth", "loyalty", "notify", "orders", "support"})


class State(StrEnum):
    WAITING = "waiting"
    CLOSED = "closed"
    ERASING = "erasing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Part:
    """What a capability erased, and what it kept for which reason."""

    erased: tuple[str, ...]
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """*look_at* is when a timer goes on with it; *round* counts how often obstacles were asked
    for, and *awaits* tells that the answer is to come. *letter* seals whom to tell in the end;
    *contact_keys* (`common.contacts`) find proofs of consent by a contact that somebody shows;
    *sessions* are those that the account ended with."""

    id: str
    customer_id: str
    requested_at: datetime
    due_at: datetime
    look_at: datetime | None
    state: State = State.WAITING
    version: int = 1
    round: int = 0
    awaits: bool = False
    obstacles: tuple[str, ...] = ()
    channel: str = "email"
    language: str = "ru"
    letter: str | None = None
    contact_keys: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict)
    finished_at: datetime | None = None

    @property
    def can_be_undone(self) -> bool:
        return self.state is State.WAITING

    def asking(self, now: datetime) -> "Erasure":
        """Asking for obstacles; again tomorrow, should nobody answer."""
        return self._next(round=self.round + 1, awaits=True, look_at=now + AGAIN_AFTER)

    def is_answered_by(self, round_: int) -> bool:
        return self.awaits and self.round == round_

    def hindered(self, obstacles: tuple[str, ...]) -> "Erasure":
        return self._next(awaits=False, obstacles=obstacles)

    def closed(self, now: datetime, sessions: tuple[str, ...], **told: object) -> "Erasure":
        """The account is closed; *told* says how its owner will hear of the end."""
        stage = {"state": State.CLOSED, "look_at": now + CLOSING, "sessions": sessions}
        return self._next(awaits=False, obstacles=(), **stage, **told)

    def erasing(self) -> "Erasure":
        return self._next(awaits=False, obstacles=(), state=State.ERASING, look_at=None)

    def reported(self, capability: str, part: Part, now: datetime) -> "Erasure":
        """With the report of a capability; done by the last one."""
        after = self._next(parts={**self.parts, capability: part})
        if after.parts.keys() < CAPABILITIES:
            return after
        return replace(after, state=State.DONE, finished_at=now, letter=None, sessions=())

    def _next(self, **changes: object) -> "Erasure":
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type] # its own fields
