"""Whoever walks: requests of the fake AWS function by function, each invocation metered.

What a table row shows comes from here alone: a step is one request and whatever events it
sets going.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from common import clock
from local import template
from local.bench.meter import Cost, Meter, Reply


@dataclass
class Step:
    """One line of the table: what was asked, of which function, with what event."""

    name: str
    function: str
    event: dict[str, Any]
    cost: Cost = field(default_factory=Cost)
    at: str = ""
    known: dict[str, Reply] = field(default_factory=dict)


def indexes() -> dict[str, list[tuple[str, str]]]:
    """The keys of each table's indexes; all of them project whole items."""
    return {
        name: [_keys(index) for index in properties.get("GlobalSecondaryIndexes", [])]
        for name, properties in template.tables(template.read())
    }


def _keys(index: dict[str, Any]) -> tuple[str, str]:
    if index["Projection"]["ProjectionType"] != "ALL":
        raise NotImplementedError("the meter counts indexes that project whole items")
    first, second = (key["AttributeName"] for key in index["KeySchema"])
    return first, second


class Walk:
    """A customer, an agent and a manager on the fake AWS *cloud* of the tests."""

    def __init__(self, cloud: Any, meter: Meter) -> None:
        self.cloud = cloud
        self.meter = meter
        self.steps: dict[str, Step] = {}
        self.invoke = cloud.invoke
        self.name: str | None = None
        self.due: str | None = None
        self.settled: Collection[str] = ()
        self.extents: dict[str, str] = {}

    def ask(self, name: str | None, verb: str, path: str, body: Any = None, **more: Any) -> Any:
        """One request, and all that follows; under *name* it is a row of the table."""
        self.name = name and f"{verb} {name}"
        answer = self.cloud.call(verb, path, body, **more)
        if answer.status >= 400:
            raise AssertionError(f"{verb} {path}: {answer.body}")
        self.name = None
        self.cloud.drain()
        return answer.body

    def post(self, name: str | None, path: str, body: Any, token: str) -> Any:
        return self.ask(name, "POST", path, body, token=token, key=str(uuid4()))

    def tick(self, due: str | None) -> None:
        """A minute's schedules; rows of the table unless *due*, what they find, is None."""
        self.due = due
        self.cloud.tick()
        self.due = None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What happens inside is needed and not shown."""
        self.cloud.invoke = self.invoke
        yield
        self.cloud.invoke = self.invoked

    def settle(self) -> None:
        """From now on only rows that are new come into the table."""
        self.settled = frozenset(self.steps)

    def invoked(self, function: str, event: dict[str, Any]) -> Any:
        """In place of the harness's own `invoke`: records come one at a time."""
        if "Records" not in event:
            return self._metered(self.name or self._ticked(function), function, event)
        answers = [self._one(function, record) for record in event["Records"]]
        return {"batchItemFailures": [f for a in answers for f in a["batchItemFailures"]]}

    def _one(self, function: str, record: dict[str, Any]) -> Any:
        if "dynamodb" in record:
            name = "an event to the bus"
        else:
            event = json.loads(record["body"])["detail-type"]
            name = f"`{event}` at {function}{self.extents.get(event, '')}"
        return self._metered(name, function, {"Records": [record]})

    def _ticked(self, function: str) -> str | None:
        if self.due is None:
            return None
        relay = function.endswith("Relay")
        return "a minute of a relay" if relay else f"a minute of {function}{self.due}"

    def _metered(self, name: str | None, function: str, event: dict[str, Any]) -> Any:
        step = Step(name or "", function, event, at=clock.now().isoformat(), known=self.meter.known)
        if name and name not in self.settled:
            self.steps[name] = step  # the last try counts: an earlier one may have been too early
        self.meter.cost = step.cost
        try:
            return self.invoke(function, event)
        finally:
            self.meter.cost = None
