"""A pytest plugin: the fixture that makes races, and what they ran at the end of the run."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import cloud as stack
from cloud import Cloud
from common.events import Event
from interleave import Race, Task


@pytest.fixture
def at_once(cloud: Cloud, record_property: Callable[[str, Any], None]) -> Callable[..., Race]:
    """Make a race from the state that stands: tasks, and the check of their answers."""

    def race(*tasks: Task, check: Callable[[list[Any]], None]) -> Race:
        return Race(cloud, record_property, tasks, check)

    return race


@pytest.fixture
def deliver(cloud: Cloud) -> Callable[[str, Event], Task]:
    """A delivery of an event to a consumer, by its queue: what `at_once` takes as a task."""

    def task(function: str, event: Event) -> Task:
        envelope = {"detail-type": event.name, "detail": event.model_dump(mode="json")}
        message = {"MessageId": event.id, "ReceiptHandle": event.id, "Body": json.dumps(envelope)}
        message |= {"Attributes": {"ApproximateReceiveCount": "1"}}
        record = stack._record(message, "arn:aws:sqs:eu-central-1:123456789012:queue")
        return partial(cloud.invoke, function, {"Records": [record]})

    return task


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many schedules of which race ran: all there are, or a sample of how many."""
    passed = [r for r in terminalreporter.getreports("passed") if r.when == "call"]
    noted = [(dict(report.user_properties).get("schedules"), report.nodeid) for report in passed]
    lines = [_line(*schedules, nodeid) for schedules, nodeid in noted if schedules]
    if lines:
        terminalreporter.section("schedules")
        terminalreporter.write("\n".join([*sorted(lines), ""]))


def _line(tasks: int, runs: int, bound: str, seconds: float, nodeid: str) -> str:
    return f"{runs:6} {bound:12} {tasks} at once {seconds:6.1f} s  {nodeid}"
