"""What the README tells of costs still holds: counts only, for time and instructions drift."""

import pytest

from local import costs
from local.bench import path, table, units
from local.bench.budget import BOUNDS
from local.bench.instructions import Counted, Run

TRIPS_OF_THE_PATH = 15


@pytest.fixture
def steps(cloud):
    return {step.name: step for step in path.walk(cloud)}


def test_the_path_costs_what_the_readme_says_and_stays_within_its_bounds(steps):
    assert {name: table.counts(step.cost) for name, step in steps.items()} == table.read()
    for name, bound in BOUNDS.items():
        assert bound.reason or bound.holds(steps[name].cost), name
    purchase = (
        "POST /v1/auth/registrations/{id}/confirm",
        "POST /v1/auth/sign-in",
        "POST /v1/auth/refresh",
        "GET /v1/orders, 20 of them",
        "PUT /v1/cart/lines/{sku}, another",
        "POST /v1/checkout, 2 lines and points",
        "`orders.order_delivered.v1` at LoyaltyConsumer",
        "GET /v1/loyalty",
        "`orders.order_delivered.v1` at NotifyConsumer",
    )
    assert sum(steps[name].cost.trips for name in purchase) <= TRIPS_OF_THE_PATH


def test_what_is_repeated_is_counted_without_the_work_of_its_fork():
    ran = Run({11: 1_000, 12: 1_010, 13: 1_020 + 4 * 300}, {})

    assert ran.once([11, 12, 13]) == 300


def test_the_table_says_where_instructions_were_not_counted():
    assert "valgrind was missing" in table.text("2026-01-01", [], Counted(), {})


def test_costs_are_computed_from_rows_that_the_readme_has():
    assert set(costs.HABITS) <= set(table.read())
    small, large = (sum(line.dollars for line in costs.month(size)) for size in costs.SIZES)
    assert 0 < small < large


def test_an_alarm_costs_as_many_metrics_as_it_looks_at():
    single = {"MetricName": "TimersOverdue", "Namespace": "Kabinet"}
    several = {"Metrics": [{"Expression": "a + b"}, {"MetricStat": {}}, {"MetricStat": {}}]}
    alarms = {"One": single, "Sum": several}
    declared = {n: {"Type": "AWS::CloudWatch::Alarm", "Properties": p} for n, p in alarms.items()}

    assert costs.watched({"Resources": declared}) == 1 + 2


def test_a_number_takes_half_a_byte_a_digit():
    assert units.size({"a": {"N": "1200"}, "b": {"N": "-37"}}) == (1 + 2) + (1 + 3)


def test_a_map_takes_a_byte_a_part_and_three_for_itself():
    assert units.size({"m": {"M": {"x": {"S": "ж"}}}}) == 1 + 3 + 1 + 1 + 2


@pytest.mark.parametrize(("sizes", "wanted"), [((0,), 1), ((1024,), 1), ((10, 1025), 2)])
def test_a_write_is_charged_by_the_larger_of_before_and_after(sizes, wanted):
    assert units.write(*sizes) == wanted


def test_a_read_is_charged_by_four_kilobytes_and_halved_when_it_may_lag():
    assert units.read(4097, consistent=True) == 2
    assert units.read(4097, consistent=False) == 1
    assert units.read(0, consistent=True) == 1


def test_an_index_is_charged_twice_when_an_items_place_in_it_moves():
    keys, own = ("g", "h"), ("pk", "sk")
    row = {name: {"S": name} for name in ("pk", "sk", "g", "h")}

    assert units.index(None, row, keys, own) == 1
    assert units.index(row, row | {"x": {"S": "1"}}, keys, own) == 1
    assert units.index(row, row | {"g": {"S": "2"}}, keys, own) == 2
    assert units.index(row, row, keys, own) == 0
    assert units.index(None, {"pk": {"S": "1"}, "sk": {"S": "1"}}, keys, own) == 0
