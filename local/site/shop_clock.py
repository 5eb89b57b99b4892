"""The shop's time as the pages show and move it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from local import clock, outbox, template

if TYPE_CHECKING:
    from local.stack import Stack

STEPS = {"10m": "+10 min", "2h": "+2 h", "1d": "+1 day", "30d": "+30 days"}
RESET = "reset"


@dataclass(frozen=True)
class Move:
    """One turn of the clock: when it was made by the machine's time, and what it ran."""

    said: str
    at: datetime
    schedules: list[str]


@dataclass(frozen=True)
class Face:
    """What the pages show: the shop's time, how far ahead it is, and the last move."""

    now: datetime
    ahead: timedelta
    last: Move | None
    steps: dict[str, str]


class ShopClock:
    """One reader or mover at a time: moves add up, and schedules do not run twice at once."""

    def __init__(self, running: Stack) -> None:
        self.running = running
        self.turning = threading.Lock()
        self.last: Move | None = None

    def face(self) -> Face:
        with self.turning:
            ahead = clock.read(self.running)
        return Face(datetime.now(UTC) + ahead, ahead, self.last, STEPS)

    def since(self) -> str:
        """The moment of the last move, as messages carry theirs; empty when there was none."""
        return outbox.moment(self.last.at.timestamp()) if self.last else ""

    def move(self, by: str) -> None:
        """Turn by one of STEPS, or back to the machine's time; KeyError for anything else."""
        said = "Back to the machine's time" if by == RESET else STEPS[by]
        with self.turning:
            at = datetime.now(UTC)
            self.last = Move(said, at, self.turn(by))

    def turn(self, by: str) -> list[str]:
        """The functions that a schedule ran for it."""
        if by == RESET:
            clock.reset(self.running)
            return []
        clock.advance(self.running, clock.duration(by))
        return template.scheduled(template.read())
