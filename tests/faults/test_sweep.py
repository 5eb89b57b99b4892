"""Every function, every call of AWS it makes, every fault: the same in the end (CASES T1)."""

import json
import random
from pathlib import Path

import pytest

import fake_aws
import scenarios
from sweep import Sweep
from wiring import Wiring

OPENAPI = Path(__file__).parents[2] / "docs/openapi.json"
WIRING = Wiring(fake_aws._Lazy({}))
EVERY = list(scenarios.every(WIRING))
RUNS_OF_A_SAMPLE = 3


def named(scenario):
    return f"{scenario.function} {scenario.name}"


def test_every_function_of_the_template_has_a_scenario():
    assert {scenario.function for scenario in EVERY} == set(WIRING.functions)


def test_every_route_has_a_scenario():
    paths = json.loads(OPENAPI.read_text())["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert routes <= {scenario.name.partition(":")[0] for scenario in EVERY}


@pytest.mark.case("T1", "T2", "T7", "I6", "I14", "E5", "E9")
@pytest.mark.parametrize("scenario", EVERY, ids=named)
def test_whatever_fails_it_ends_the_same(cloud, scenario, record_property, exhaustive):
    sweep = Sweep(cloud, scenario)
    assert not sweep.usual.troubles

    if not sweep.usual.injector.calls:
        return  # nothing is called that could fail

    throttled, *planned = sweep.runs()
    if not exhaustive:
        planned = random.Random(scenario.name).sample(planned, RUNS_OF_A_SAMPLE)  # noqa: S311
    planned.insert(0, throttled)
    runs = [sweep.judged(k, fault) for k, fault in planned]

    slowest = max(runs, key=lambda run: run.seconds)
    wrong = [(run.name, run.troubles) for run in runs if run.troubles]
    place = f"{named(scenario)}, {slowest.name}"
    record_property("swept", [len(runs), len(wrong), slowest.seconds, place])
    assert not wrong, "\n".join(f"{name}: {trouble}" for name, all_ in wrong for trouble in all_)
    assert not exhaustive or not sweep.unused(runs)
