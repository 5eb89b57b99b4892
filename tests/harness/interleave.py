"""Requests at once: every order of their calls of AWS, one call at a time.

Threads by themselves prove nothing here: chance finds few orders, and moto's transactions are not
isolated from each other. So one request runs at a time and stops before each call; a schedule
says who goes on. Each call is then one moment, as in DynamoDB, a run repeats exactly, and a
schedule that fails is named. A batch of reads is not one moment in DynamoDB, so it is made key by
key. Calls of KMS and Secrets Manager share nothing that a request changes: nobody stops there.

Calls that touch different rows come to the same in either order. So a request stops only before
rows that one task writes and another touches; which these are is learned on the way, and what was
gone through is begun anew when there are more. `--exhaustive` does not rely on that: requests stop
before every call, and go through all orders of these where they are few, else through a sample.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import factorial, prod
from random import Random
from typing import Any
from unittest import mock

import pytest
from botocore.client import BaseClient

import books
import footprint
from cloud import Cloud
from footprint import Footprint, Row
from late import Late
from moment import Moment
from turns import Choice, Path, Schedule, Task, Turns

UNSHARED = {"kms", "secretsmanager"}
# Before the stack wraps it: what is planted is no call of the product's.
GENUINE: Callable[..., Any] = BaseClient._make_api_call
MOST_SCHEDULES = 5_000
# Without leaving out what cannot differ: orders at most to go through all, otherwise so many.
FEW, DRAWN = 100, 50
CAUGHT = "until caught"


class Violation(AssertionError):
    """A schedule after which something does not hold."""


@dataclass
class Race:
    """*tasks* that run at once; after every schedule *check* gets their answers.

    The books must balance too. Each schedule starts from the state in which the race is made.
    """

    cloud: Cloud
    note: Callable[[str, Any], None]
    exhaustive: bool
    tasks: Sequence[Task]
    check: Callable[[list[Any]], None]
    start: Moment = field(init=False)
    seen: list[Footprint] = field(init=False)
    runs: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.start = Moment(self.cloud)
        self.seen = [Footprint() for _ in self.tasks]

    def every(self) -> None:
        """Violation unless *check* holds after every schedule that differs; where all is asked for,
        after every schedule there is, or as many as are drawn."""
        began = time.monotonic()
        if not self.exhaustive:
            deque(self._explore(), maxlen=0)
            self._told("all that differ", began)
        elif _orders(self._held(partial(_first_of, range(len(self.tasks))))) > FEW:
            self.sample(DRAWN)
        else:
            self.runs = 0
            deque(self._schedules(), maxlen=0)
            self._told("all", began)

    def sample(self, runs: int, seed: int = 0) -> None:
        """Violation unless *check* holds after *runs* schedules that chance draws from *seed*, or
        DRAWN where all is asked for."""
        began, chance, most = time.monotonic(), Random(seed), 0  # noqa: S311 - repeatable
        for _ in range(DRAWN if self.exhaustive else runs):
            most = max(most, _orders(self._held(chance.choice)))
        self._told(f"of {most:,}" if most < 10**9 else f"of {most:.0e}", began)

    def catches(self, *guards: str) -> None:
        """AssertionError unless *check* finds the bug that is planted: the conditions of writes to
        *guards* (beginnings of pk or sk) are looked at first, and the write follows later.

        One after another the tasks must still hold: then nothing but a race shows the bug.
        """
        late, numbers = Late(guards), list(range(len(self.tasks)))
        self._held(partial(_first_of, numbers), late)
        self._held(partial(_first_of, numbers[::-1]), late)
        self.fails(late)

    def fails(self, late: Late | None = None) -> None:
        """AssertionError unless there is a schedule after which *check* does not hold."""
        began, explored = time.monotonic(), self._explore(late)
        with pytest.raises(Violation):
            deque(explored, maxlen=0)
        self.start.come_back()
        self._told(CAUGHT, began)

    def _explore(self, late: Late | None = None) -> Iterator[Schedule]:
        shared = footprint.shared(self.seen)
        while True:
            self.runs = 0
            yield from self._schedules(late, shared)
            found = footprint.shared(self.seen)
            if found <= shared:
                return
            shared = found

    def _schedules(
        self, late: Late | None = None, shared: set[Row] | None = None
    ) -> Iterator[Schedule]:
        todo: list[Schedule] = [()]
        for _ in range(MOST_SCHEDULES):
            path = Path(todo.pop())
            yield tuple(self._held(path, late, shared))
            todo += path.branches
            if not todo:
                return
        raise AssertionError(f"more than {MOST_SCHEDULES} schedules")

    def _held(
        self, choose: Choice, late: Late | None = None, shared: set[Row] | None = None
    ) -> list[int]:
        """The schedule that *choose* makes, after which *check* held."""
        self.start.come_back()
        self.runs += 1
        turns = Turns(self.tasks, choose, shared, self.seen)
        gated = _gated(turns, late, self.start)
        with mock.patch.object(BaseClient, "_make_api_call", gated):
            answers = turns.run()
        try:
            books.check_stock(self.cloud.items("OrdersTable"), {})
            books.check_ledger(self.cloud.items("LedgerTable"))
            self.check(answers)
        except AssertionError as broken:
            raise Violation(f"after {turns.taken}: {broken}") from broken
        return turns.taken

    def _told(self, bound: str, began: float) -> None:
        self.note("schedules", (self.runs, bound, len(self.tasks), time.monotonic() - began))


def _gated(turns: Turns, late: Late | None, start: Moment) -> Callable[..., Any]:
    """botocore's call, made when it is its request's turn."""
    made: Callable[..., Any] = BaseClient._make_api_call

    def stopped(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        turns.stop(footprint.of(operation, arguments, start.at))
        return made(client, operation, arguments)

    def look(client: BaseClient, arguments: dict[str, Any]) -> Any:
        turns.stop(footprint.of("TransactWriteItems", arguments, start.at))
        return GENUINE(client, "TransactWriteItems", arguments)

    def call(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name in UNSHARED:
            return made(client, operation, arguments)
        if operation == "BatchGetItem":
            return _key_by_key(partial(stopped, client, operation), arguments)
        if late:
            calls = partial(stopped, client), partial(look, client)
            return late.call(*calls, operation, arguments)
        return stopped(client, operation, arguments)

    return call


def _key_by_key(get: Callable[[dict[str, Any]], Any], arguments: dict[str, Any]) -> Any:
    found: dict[str, list[Any]] = {}
    for table, asked in arguments["RequestItems"].items():
        for key in asked["Keys"]:
            answer = get({"RequestItems": {table: asked | {"Keys": [key]}}})
            found.setdefault(table, []).extend(answer["Responses"].get(table, []))
    return {"Responses": found, "UnprocessedKeys": {}}


def _first_of(order: Sequence[int], waiting: list[int]) -> int:
    return next(number for number in order if number in waiting)


def _orders(schedule: Sequence[int]) -> int:
    """In how many orders the calls of *schedule* could have come."""
    counts = [schedule.count(number) for number in set(schedule)]
    return factorial(len(schedule)) // prod(map(factorial, counts))
