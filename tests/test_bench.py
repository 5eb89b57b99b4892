"""What the README tells of costs still holds: counts only, for time and instructions drift."""

import os
import subprocess
import sys

import pytest

from local import costs, template
from local.bench import crowd, path, table, units, warehouse
from local.bench.budget import BOUNDS
from local.bench.instructions import Counted, Run
from local.places import ROOT
from orders.watches import consumer as watches

# One of them reads the tier that points are paid by.
TRIPS_OF_THE_PATH = 16
# Of libraries, beyond bare Python: the floor F alone takes 501 with this Powertools and botocore.
MOST_MODULES = 515
# Only the layer of passkeys brings it, and botocore imports it where it is.
ELSEWHERE = "OpenSSL"
RARE = {
    *("argon2", "boto3", "common.events.known", "cryptography", "email_validator", "jinja2", "jwt"),
    *("phonenumbers", "PIL", "pyotp", "qrcode", "requests", "segno", "stripe", "webauthn"),
}
APIS = [
    name
    for name, _ in template.resources(template.read(), "AWS::Serverless::Function")
    if name.endswith("Api")
]


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


@pytest.mark.parametrize("function", APIS)
def test_a_start_loads_few_modules_and_none_that_few_requests_need(function):
    declared = dict(template.resources(template.read(), "AWS::Serverless::Function"))[function]
    module = declared["Handler"].rpartition(".")[0]
    code = (
        f"import sys; before = set(sys.modules); sys.modules[{ELSEWHERE!r}] = None; import {module}"
        "; from common import aws; aws.dynamodb(); print(*set(sys.modules) - before)"
    )
    places = f"{ROOT / 'functions'}:{ROOT / 'layers/common'}"
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(done.stdout.split())
    libraries = {
        name for name in modules if name.split(".")[0] not in (module.split(".")[0], "common")
    }

    assert len(libraries) <= MOST_MODULES
    assert not modules & RARE


@pytest.mark.feature(46)
def test_a_crowd_of_watchers_is_told_once_each_two_trips_a_page(cloud, monkeypatch):
    monkeypatch.setattr(watches, "PAGE", 10)
    monkeypatch.setattr(watches, "PAGES_AT_ONCE", 2)

    told = crowd.tell(cloud, 35)

    assert (told.watchers, told.messages, told.pages) == (35, 2, 4)
    # Each message looks first whether its news still is true; the first one sends the other.
    assert told.cost.trips == 2 * told.pages + 2 + 1
    assert told.cost.write == 4 * told.watchers + 2


@pytest.mark.feature(27)
def test_a_catalogue_is_indexed_whole_and_answers_a_typo_and_filters(cloud):
    found = warehouse.find(cloud, 2_000)

    assert found.products == 2_000
    assert found.packed_bytes > 100_000


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
