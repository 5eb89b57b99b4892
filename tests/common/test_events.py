"""The contracts on the bus: what was once sent must keep parsing."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from common.events import LARGEST_BYTES
from common.events.known import EVENTS
from common.events.orders import OrderPlaced

SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLED = sorted(path.stem for path in SAMPLES.glob("*.json"))
MOST_LINES = 60
LONGEST_NAME = "Ж" * 200


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def required(name):
    fields = EVENTS[name].model_fields.items()
    return [(name, field) for field, rule in fields if rule.is_required()]


def test_every_event_has_a_frozen_sample_and_every_sample_an_event():
    assert set(SAMPLED) == set(EVENTS)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_frozen_sample_parses_and_keeps_every_value(name):
    parsed = EVENTS[name].model_validate(sample(name)).model_dump(mode="json")

    assert parsed | sample(name) == parsed


@pytest.mark.case("E6")
@pytest.mark.parametrize("name", SAMPLED)
def test_a_field_nobody_knows_yet_is_accepted(name):
    grown = sample(name) | {"added_later": {"any": "thing"}}

    assert EVENTS[name].model_validate(grown) == EVENTS[name].model_validate(sample(name))


@pytest.mark.case("E6")
@pytest.mark.parametrize(("name", "field"), [pair for name in SAMPLED for pair in required(name)])
def test_a_missing_field_is_refused(name, field):
    lacking = {key: value for key, value in sample(name).items() if key != field}

    with pytest.raises(ValidationError, match=field):
        EVENTS[name].model_validate(lacking)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_name_says_capability_fact_and_version(name):
    capability, fact, version = name.split(".")

    assert capability in {"auth", "orders", "loyalty", "notify", "support", "insights"}
    assert fact.islower()
    assert version == "v1"


@pytest.mark.case("E10")
def test_the_largest_event_stays_below_what_an_event_may_weigh():
    line = sample("orders.order_placed.v1")["lines"][0]
    long = line | {"name_ru": LONGEST_NAME, "name_en": LONGEST_NAME, "total_minor": 10**12}
    largest = sample("orders.order_placed.v1") | {"lines": [long] * MOST_LINES}

    assert len(OrderPlaced.model_validate(largest).model_dump_json().encode()) < LARGEST_BYTES
