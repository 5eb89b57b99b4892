"""Requests at once: every order of their calls of AWS, one call at a time.

Threads by themselves prove nothing here: chance finds few orders, and moto's transactions are not
isolated from each other. So one request runs at a time and stops before each call; a schedule
says who goes on. Each call is then one moment, as in DynamoDB, a run repeats exactly, and a
schedule that fails is named. A batch of reads is not one moment in DynamoDB, so it is made key by
key. Calls of KMS and Secrets Manager share nothing that a request changes: nobody stops there.
"""

import threading
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
import process
from cloud import Cloud
from late import Late
from moment import Moment

type Task = Callable[[], Any]
type Choice = Callable[[list[int]], int]
type Schedule = tuple[int, ...]

UNSHARED = {"kms", "secretsmanager"}
# Before the stack wraps it: what is planted is no call of the product's.
GENUINE: Callable[..., Any] = BaseClient._make_api_call
MOST_SCHEDULES = 5_000
LONGEST_STEP_SECONDS = 60


class Violation(AssertionError):
    """A schedule after which something does not hold."""


class Turns:
    """One run of *tasks*; *choose* says, of those that wait, whose turn it is."""

    def __init__(self, tasks: Sequence[Task], choose: Choice) -> None:
        self.tasks = tasks
        self.choose = choose
        self.taken: list[int] = []
        self.answers: list[Any] = [None] * len(tasks)
        self._gates = [threading.Semaphore(0) for _ in tasks]
        self._stopped = threading.Semaphore(0)
        self._waiting: set[int] = set()
        self._own = threading.local()

    def run(self) -> list[Any]:
        """The answers; an exception is an answer too."""
        with process.kept() as fresh:
            for number in range(len(self.tasks)):
                process.enter(fresh)
                threading.Thread(target=self._body, args=(number,), daemon=True).start()
                self._await()
            while self._waiting:
                number = self.choose(sorted(self._waiting))
                self.taken.append(number)
                self._waiting.remove(number)
                self._gates[number].release()
                self._await()
        return self.answers

    def stop(self) -> None:
        """Wait for one's turn, unless this is no thread of the run's."""
        number = getattr(self._own, "number", None)
        if number is not None:
            state = process.state()
            self._waiting.add(number)
            self._stopped.release()
            self._gates[number].acquire()
            process.enter(state)

    def _body(self, number: int) -> None:
        self._own.number = number
        try:
            self.answers[number] = self.tasks[number]()
        except Exception as failure:
            self.answers[number] = failure
        finally:
            self._stopped.release()

    def _await(self) -> None:
        if not self._stopped.acquire(timeout=LONGEST_STEP_SECONDS):
            raise TimeoutError("a request neither ends nor calls AWS")


class Path:
    """Follows *prefix*, then lets each go on to its end; notes where else it could have led."""

    def __init__(self, prefix: Schedule) -> None:
        self.prefix = prefix
        self.taken: Schedule = ()
        self.branches: list[Schedule] = []

    def __call__(self, waiting: list[int]) -> int:
        step = len(self.taken)
        if step < len(self.prefix):
            number = self.prefix[step]
            assert number in waiting, f"{self.prefix} does not repeat"
        else:
            number = _same_or_first(self.taken, waiting)
            others = [other for other in waiting if other != number]
            self.branches += [(*self.taken, other) for other in others]
        self.taken += (number,)
        return number


@dataclass
class Race:
    """*tasks* that run at once; after every schedule *check* gets their answers.

    The books must balance too. Each schedule starts from the state in which the race is made.
    """

    cloud: Cloud
    note: Callable[[str, Any], None]
    tasks: Sequence[Task]
    check: Callable[[list[Any]], None]
    start: Moment = field(init=False)
    runs: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.start = Moment(self.cloud)

    def every(self) -> None:
        """Violation unless *check* holds after every schedule there is."""
        began = time.monotonic()
        deque(self._explore(), maxlen=0)
        self._told("all", began)

    def sample(self, runs: int, seed: int = 0) -> None:
        """Violation unless *check* holds after *runs* schedules that chance draws from *seed*."""
        began, chance, most = time.monotonic(), Random(seed), 0  # noqa: S311 - repeatable
        for _ in range(runs):
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
        self._told("until caught", began)

    def _explore(self, late: Late | None = None) -> Iterator[Schedule]:
        todo: list[Schedule] = [()]
        for _ in range(MOST_SCHEDULES):
            path = Path(todo.pop())
            yield tuple(self._held(path, late))
            todo += path.branches
            if not todo:
                return
        raise AssertionError(f"more than {MOST_SCHEDULES} schedules")

    def _held(self, choose: Choice, late: Late | None = None) -> list[int]:
        """The schedule that *choose* makes, after which *check* held."""
        self.start.come_back()
        self.runs += 1
        turns = Turns(self.tasks, choose)
        with mock.patch.object(BaseClient, "_make_api_call", _gated(turns, late)):
            answers = turns.run()
        try:
            books.check_stock(self.cloud.items("OrdersTable"), {})
            books.check_ledger(self.cloud.items("LedgerTable"))
            self.check(answers)
        except AssertionError as broken:
            raise Violation(f"after {turns.taken}: {broken}") from broken
        return turns.taken

    def _told(self, bound: str, began: float) -> None:
        self.note("schedules", (len(self.tasks), self.runs, bound, time.monotonic() - began))


def _gated(turns: Turns, late: Late | None) -> Callable[..., Any]:
    """botocore's call, made when it is its request's turn."""
    made: Callable[..., Any] = BaseClient._make_api_call

    def stopped(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        turns.stop()
        return made(client, operation, arguments)

    def look(client: BaseClient, arguments: dict[str, Any]) -> Any:
        turns.stop()
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


def _same_or_first(taken: Schedule, waiting: list[int]) -> int:
    return taken[-1] if taken and taken[-1] in waiting else waiting[0]


def _first_of(order: list[int], waiting: list[int]) -> int:
    return next(number for number in order if number in waiting)


def _orders(schedule: Sequence[int]) -> int:
    """In how many orders the calls of *schedule* could have come."""
    counts = [schedule.count(number) for number in set(schedule)]
    return factorial(len(schedule)) // prod(map(factorial, counts))
