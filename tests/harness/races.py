"""A pytest plugin: the fixture that makes races, and what they ran at the end of the run."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import cloud as stack
from cloud import Cloud
from common.events import Event
from interleave import CAUGHT, Race
from turns import Task


@pytest.fixture
def at_once(
    cloud: Cloud, record_property: Callable[[str, Any], None], request: pytest.FixtureRequest
) -> Callable[..., Race]:
    """Make a race from the state that stands: tasks, and the check of their answers."""
    exhaustive = bool(request.config.getoption("--exhaustive", default=False))

    def race(*tasks: Task, check: Callable[[list[Any]], None]) -> Race:
        return Race(cloud, record_property, exhaustive, tasks, check)

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many schedules ran; where all were asked for, of which race, and of how many."""
    passed = [r for r in terminalreporter.getreports("passed") if r.when == "call"]
    noted = [(dict(report.user_properties).get("schedules"), report.nodeid) for report in passed]
    ran = sorted((*told, nodeid) for told, nodeid in noted if told and told[1] != CAUGHT)
    caught = sum(told is not None for told, _ in noted) - len(ran)
    if terminalreporter.config.getoption("--exhaustive", default=False):
        for schedules, bound, tasks, seconds, nodeid in ran:
            line = f"{schedules:6} {bound:12} {tasks} at once {seconds:6.1f} s  {nodeid}"
            terminalreporter.write_line(line)
    if ran or caught:
        schedules = sum(race[0] for race in ran)
        line = f"races: {len(ran)}, {schedules} schedules, {caught} planted bugs caught"
        terminalreporter.write_line(line)
