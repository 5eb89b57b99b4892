"""Whose turn it is: tasks of which one runs at a time, from one call of AWS to the next."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import process
from footprint import Footprint, Row

LONGEST_STEP_SECONDS = 60

type Task = Callable[[], Any]
type Choice = Callable[[list[int]], int]
type Schedule = tuple[int, ...]


class Turns:
    """One run of *tasks*; *choose* says, of those that wait, whose turn it is.

    They stop before calls that touch a row that is *shared*, before every call when that is None;
    what each touches is added to *seen*.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        choose: Choice,
        shared: set[Row] | None,
        seen: Sequence[Footprint],
    ) -> None:
        self.tasks = tasks
        self.choose = choose
        self.shared = shared
        self.seen = seen
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

    def stop(self, rows: Footprint | None) -> None:
        """Wait for one's turn to touch *rows*, unless this is no thread of the run's."""
        number = getattr(self._own, "number", None)
        if number is None:
            return
        self.seen[number].add(rows or Footprint())
        if rows is None or self.shared is None or rows.meets(self.shared):
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


def _same_or_first(taken: Schedule, waiting: list[int]) -> int:
    return taken[-1] if taken and taken[-1] in waiting else waiting[0]
