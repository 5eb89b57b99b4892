"""The fault sweep: a scenario, run once per call of AWS and per fault, must come to the same.

A scenario calls one function; everything before and after it runs without faults. After a fault
its caller does what callers do: a client repeats the request with the same key, a queue or a
stream delivers again, a schedule comes again. Then the state is compared with that of the run
without faults, and the books must balance. Events are followed to the bus; what their consumers
do with them is for the consumers' own scenarios.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any
from unittest import mock

from moto.backends import get_backend

import books
import likeness
import objects
import standing
from cloud import Answer, Cloud
from common import access, pepper
from common.consumer import BACKOFF_SECONDS
from common.search import snapshots
from faults import FAULTS, Fault, Injector, Killed
from standing import Rows
from wiring import ACCOUNT, REGION, Function

SCHEDULE = {"source": "aws.events", "detail": {}}
MOST_ATTEMPTS = 6
MOST_TRIES = 20
VISIBILITY_SECONDS = 60
LONGEST_WAIT_SECONDS = 10
LEAK = re.compile(r"Traceback|File \"|arn:aws|botocore|Exception|Table\b|@example")

type Act = Callable[[], Any]
type Prepare = Callable[[Cloud], Act]


@dataclass(frozen=True)
class Accepted:
    """What may differ from the run without faults, and why that is right.

    After *faults* at *calls*: rows may differ in *attributes*, there may be other
    *lines* (as `likeness.differences` tells them), the last answer may be one of *answers*.
    """

    reason: str
    calls: str = "*"
    faults: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def applies(self, run: "Run") -> bool:
        assert run.fault
        named = not self.faults or run.fault.name in self.faults
        return named and fnmatchcase(run.injector.hit or "", self.calls)


@dataclass(frozen=True)
class Scenario:
    """How *function* is made to work: *prepare* makes the world and returns what calls it."""

    name: str
    function: str
    prepare: Prepare
    accepted: tuple[Accepted, ...] = ()


@dataclass
class Run:
    """One run of a scenario: what was answered, and what there was at its end."""

    fault: Fault | None
    injector: Injector
    answers: list[Any] = field(default_factory=list)
    seen: likeness.Things = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def name(self) -> str:
        fault = self.fault.name if self.fault else "no fault"
        call = "every call" if self.injector.k is None else f"call {self.injector.k}"
        return f"{fault} at {call} ({self.injector.hit})"


def cold() -> None:
    """What a new sandbox does not know yet."""
    access._public_key.cache_clear()
    access._revocations.read_at = float("-inf")
    pepper._kept.clear()
    snapshots.held.clear()


class Sweep:
    """A scenario prepared once; every run begins where the preparation ended."""

    def __init__(self, cloud: Cloud, scenario: Scenario) -> None:
        self.cloud = cloud
        self.scenario = scenario
        self.act = scenario.prepare(cloud)
        self._start = self._snapshot()
        self.known = likeness.ids(likeness.seen(cloud, Injector()))
        self.opening = self._opening()
        self.usual = self.run(Injector())
        again = self.run(Injector())
        self.usual.troubles += self._unlike(again)

    def runs(self) -> Iterator[tuple[int | None, Fault]]:
        """Every call of the function, with every fault that can happen there; and all throttled."""
        yield None, FAULTS[0]
        for k, operation in enumerate(self.usual.injector.calls):
            yield from ((k, fault) for fault in FAULTS if fault.applies(operation))

    def run(self, injector: Injector) -> Run:
        """The scenario from its start to its end, with the injector's fault if it has one."""
        began, run = time.perf_counter(), Run(injector.fault, injector)
        self._restore()
        cold()
        with injector.installed(), self._lambda(injector):
            self._ask(run)
            self._settle()
        run.seen = likeness.seen(self.cloud, injector)
        run.troubles += self._out_of_balance()
        run.seconds = time.perf_counter() - began
        return run

    def judged(self, k: int | None, fault: Fault) -> Run:
        """A run with a fault, held against the run without. Chance chooses a timer's shard, and so
        whether what it begins falls due in the same minute: a call that was not made is waited for
        in another run."""
        for _ in range(MOST_TRIES):
            run = self.run(Injector(fault, k))
            if run.injector.hit is not None:
                break
        if run.injector.hit is None:
            run.troubles.append("the call was not made")
        else:
            run.troubles += self._unlike(run) + self._rude(run)
        return run

    def unused(self, runs: list[Run]) -> list[str]:
        """Exceptions that excused nothing in *runs*: they are to be struck out."""
        return [
            accepted.reason
            for accepted in self.scenario.accepted
            if not any(accepted.applies(run) and self._strictly(run) for run in runs)
        ]

    # --- one run ---

    def _ask(self, run: Run) -> None:
        """Call as a patient client: again while there is no answer, or one that says so."""
        for _ in range(MOST_ATTEMPTS):
            try:
                answer = self.act()
            except Killed:
                answer = None
            except Exception as failure:
                answer = failure
            else:
                answer = "done" if answer is None else answer
            run.answers.append(answer)
            if _settled(answer):
                return
        run.troubles.append(f"no end of it: {run.answers[-1]!r}")

    def _settle(self) -> None:
        """Let everything that is on its way arrive, the outboxes swept as after some minutes."""
        self.cloud.drain()
        for function in self._relays_with_rows():
            self.cloud.clock.advance(minutes=3)
            self.cloud.invoke(function, SCHEDULE)
            self.cloud.drain()

    def _relays_with_rows(self) -> list[str]:
        return [
            function.name
            for function in self.cloud.wiring.functions.values()
            if function.handler == "common.relay.handler"
            and self._waiting(function.environment["TABLE_NAME"])
        ]

    def _waiting(self, table: str) -> list[Any]:
        return [row for row in self.cloud.items(table) if row["pk"].startswith("OUTBOX#")]

    @contextmanager
    def _lambda(self, injector: Injector) -> Iterator[None]:
        """Lambda around the functions: the first call of the scenario's function is watched, and
        what fails comes again as its source would send it."""
        genuine, seen = self.cloud.invoke, []

        def once(name: str, event: dict[str, Any]) -> Any:
            injector.watching = name == self.scenario.function and not seen
            seen.extend([name] if injector.watching else [])
            try:
                return genuine(name, event)
            except Killed:
                cold()
                raise
            finally:
                injector.watching = False

        def invoke(name: str, event: dict[str, Any]) -> Any:
            kind = event["Records"][0]["eventSource"] if "Records" in event else ""
            again = {"aws:sqs": self._from_queue, "aws:dynamodb": self._from_stream}.get(kind)
            return again(once, name, event) if again else once(name, event)

        everybody = self.cloud._functions

        def functions(kind: str) -> list[Function]:
            found = everybody(kind)
            return [f for f in found if kind != "SQS" or f.name == self.scenario.function]

        with (
            mock.patch.object(self.cloud, "invoke", invoke),
            mock.patch.object(self.cloud, "_functions", functions),
        ):
            yield

    def _from_queue(self, once: Callable[..., Any], name: str, event: dict[str, Any]) -> Any:
        """A batch whose function died comes back when it is visible again."""
        try:
            answer = once(name, event)
        except (Killed, Exception):
            self.cloud.clock.advance(seconds=VISIBILITY_SECONDS)
            ids = [record["messageId"] for record in event["Records"]]
            return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ids]}
        if answer["batchItemFailures"]:
            tries = [int(r["attributes"]["ApproximateReceiveCount"]) for r in event["Records"]]
            self.cloud.clock.advance(seconds=BACKOFF_SECONDS[min(*tries, 4) - 1])
        return answer

    def _from_stream(self, once: Callable[..., Any], name: str, event: dict[str, Any]) -> Any:
        """A stream goes on from the first record that failed, and waits for nobody else."""
        records = event["Records"]
        for _ in range(MOST_ATTEMPTS):
            self.cloud.clock.advance(seconds=1)
            try:
                answer = once(name, {"Records": records})
            except (Killed, Exception):
                answer = {"batchItemFailures": [{"itemIdentifier": _number(records[0])}]}
            numbers = [_number(record) for record in records]
            failed = {f["itemIdentifier"] for f in answer["batchItemFailures"]}
            if not failed:
                break
            records = records[min(map(numbers.index, failed)) :]
        return {"batchItemFailures": []}

    # --- the verdict ---

    def _unlike(self, run: Run) -> list[str]:
        return self._excused(run) if run.fault else self._strictly(run)

    def _strictly(self, run: Run) -> list[str]:
        found = likeness.differences(self.usual.seen, run.seen, self.known)
        return found + self._answered_otherwise(run)

    def _excused(self, run: Run) -> list[str]:
        """The differences that nothing accepts."""
        excuses = [accepted for accepted in self.scenario.accepted if accepted.applies(run)]
        ignored = [name for accepted in excuses for name in accepted.attributes]
        lines = [pattern for accepted in excuses for pattern in accepted.lines]
        answers = [pattern for accepted in excuses for pattern in accepted.answers]
        found = likeness.differences(self.usual.seen, run.seen, self.known, ignored)
        left = [line for line in found if not any(fnmatchcase(line, p) for p in lines)]
        excused = any(fnmatchcase(_told(run.answers[-1]), pattern) for pattern in answers)
        return left + ([] if excused else self._answered_otherwise(run))

    def _answered_otherwise(self, run: Run) -> list[str]:
        usual, last = (_told(r.answers[-1]) for r in (self.usual, run))
        return [] if usual == last else [f"answered {last} instead of {usual}"]

    def _rude(self, run: Run) -> list[str]:
        """What is wrong with the first answer to a request that met the fault."""
        first = run.answers[0]
        if not isinstance(first, Answer) or run.fault is None:
            return []
        if first.status < 500:
            return []
        wrong = [] if run.fault.passing else [500]
        checks = {
            f"answered {first.status}": first.status in [503, *wrong],
            "no Retry-After": first.status != 503 or "retry-after" in first.headers,
            "no problem": first.headers["content-type"] == "application/problem+json",
            f"tells {first.body}": not LEAK.search(json.dumps(first.body)),
            f"not invisible: {first.status}": not _should_be_invisible(run),
            f"waited {run.injector.slept} s": run.injector.slept <= LONGEST_WAIT_SECONDS,
        }
        return [trouble for trouble, fine in checks.items() if not fine]

    def _out_of_balance(self) -> list[str]:
        """What no run may leave behind."""
        troubles = [f"{name} holds {n}" for name, n in self._stuck().items() if n]
        try:
            books.check_stock(self.cloud.items("OrdersTable"), self.opening)
            books.check_ledger(self.cloud.items("LedgerTable"))
        except AssertionError as wrong:
            troubles.append(f"the books do not balance: {wrong}")
        return troubles

    def _stuck(self) -> dict[str, int]:
        """How much waits in vain: in outboxes, in the function's queue and behind it."""
        stem = self.scenario.function.removesuffix("Consumer")
        queues = get_backend("sqs")[ACCOUNT][REGION].queues
        tables = self.cloud.wiring.resources("AWS::DynamoDB::Table")
        own = tuple(f"-{stem}{part}" for part in ("Queue", "DeadLetters", "Undelivered"))
        held = {n: len(q._messages) for n, q in queues.items() if any(o in n for o in own)}
        return held | {f"{name}'s outbox": len(self._waiting(name)) for name in tables}

    # --- the start of a run ---

    def _opening(self) -> dict[str, int]:
        """What there is of each good, wherever it is by now: no run makes or loses any."""
        rows = self.cloud.items("OrdersTable")
        gone = books.pieces([r for r in rows if r["sk"].startswith("ORDER#")], books.GONE)
        gone.subtract(books.restocked(rows))
        goods = [row for row in rows if row["sk"] == "PRODUCT" and "available" in row]
        return {r["sku"]: r["available"] + r["reserved"] + gone[r["sku"]] for r in goods}

    def _snapshot(
        self,
    ) -> tuple[dict[str, Rows], timedelta, set[tuple[str, str]], objects.Objects]:
        self.cloud.drain()
        stood = {name: standing.kept(table.items) for name, table in standing.tables().items()}
        return stood, self.cloud.clock.offset, dict(self.cloud._relayed), objects.stored()

    def _restore(self) -> None:
        stood, offset, relayed, kept = self._start
        offset += timedelta()
        self.cloud.reset()
        objects.bring_back(kept)
        self.cloud.clock.offset, self.cloud._relayed = offset, dict(relayed)
        for name, table in standing.tables().items():
            table.items = standing.kept(stood[name])


def _number(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _settled(answer: Any) -> bool:
    if isinstance(answer, Answer):
        return answer.status < 500
    return answer is not None and not isinstance(answer, Exception)


def _told(answer: Any) -> str:
    """What an answer says, without what is new in every run."""
    said = (answer.status, answer.body) if isinstance(answer, Answer) else answer
    return likeness.plain(json.dumps(said, default=repr, sort_keys=True))


def _should_be_invisible(run: Run) -> bool:
    """A fault of one attempt is botocore's to repeat."""
    return run.fault is not None and run.fault.once
