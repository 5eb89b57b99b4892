"""The interleaver itself: it sees what a race can do, and goes through all of it."""

import os

import pytest

from common import table


@pytest.fixture
def add(cloud):
    """Adds one to a row of the orders' table: read, then write."""
    with cloud.acting("OrdersApi"):
        table.apply(table.put({"pk": "N", "sk": "one", "n": 0}))
        table.apply(table.put({"pk": "N", "sk": "other", "n": 0}))

    def task(*rows):
        def run():
            with cloud.acting("OrdersApi"):
                for sk in rows:
                    row = table.get("N", sk)
                    table.apply(table.put(row | {"n": row["n"] + 1}, None))

        return run

    return task


@pytest.fixture
def counted(cloud):
    return lambda: {row["sk"]: row["n"] for row in cloud.items("OrdersTable")}


def test_a_lost_update_is_found(at_once, add, counted):
    def check(answers):
        assert counted()["one"] == 2

    at_once(add("one"), add("one"), check=check).fails()


@pytest.mark.parametrize(("exhaustive", "schedules"), [(True, 6), (False, 1)])
def test_calls_that_do_not_meet_are_gone_through_only_on_demand(
    at_once, add, counted, exhaustive, schedules
):
    def check(answers):
        assert counted() == {"one": 1, "other": 1}

    race = at_once(add("one"), add("other"), check=check)
    race.exhaustive = exhaustive
    race.every()
    assert race.runs == schedules


@pytest.mark.parametrize("others", [("other", "one"), ("one",)])
def test_whatever_can_come_of_a_race_comes_of_the_schedules_that_differ(
    at_once, add, counted, others
):
    ends = []

    def check(answers):
        ends[-1].add(tuple(sorted(counted().items())))

    race = at_once(add("one", "other"), add(*others), check=check)
    for race.exhaustive in (True, False):
        ends.append(set())
        race.every()
    assert ends[0] == ends[1]


def test_each_request_has_a_process_of_its_own(at_once, cloud):
    """Two functions at once: their variables do not mix, whoever stops where."""

    def task(function):
        def run():
            with cloud.acting(function):
                seen = [os.environ["TABLE_NAME"]]
                for _ in range(2):
                    table.get("N", "one")
                    seen.append(os.environ["TABLE_NAME"])
            return set(seen)

        return run

    def check(answers):
        assert answers == [{"OrdersTable"}, {"AuthTable"}]
        assert "TABLE_NAME" not in os.environ

    race = at_once(task("OrdersApi"), task("AuthApi"), check=check)
    race.exhaustive = True
    race.every()
    assert race.runs == 6
