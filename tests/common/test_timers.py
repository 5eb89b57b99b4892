"""What is due fires once, late rather than never."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from common import clock, table, timers
from common.errors import Silent
from common.timers import Timer


@pytest.fixture(autouse=True)
def orders(cloud):
    with cloud.acting("OrdersConsumer"):
        yield


def timer(name, minutes):
    due = clock.now() + timedelta(minutes=minutes)
    return Timer("ring", name, due.replace(microsecond=0), {"name": name})


def ring(fired):
    def fire(timer, now):
        fired.append(timer.id)
        return [table.put({"pk": "RUNG", "sk": timer.id})]

    return {"ring": fire}


def overdue(capsys):
    """What the metric said, sweep by sweep."""
    return re.findall(r'"TimersOverdue": ?\[([0-9.]+)\]', capsys.readouterr().out)


def test_a_moment_is_the_same_in_every_zone(cloud):
    due = (clock.now() + timedelta(hours=1)).astimezone(ZoneInfo("Asia/Vladivostok"))
    table.commit(timers.arm(Timer("ring", "far", due, {})))
    cloud.clock.advance(hours=1)

    fired = []
    timers.sweep(ring(fired))

    assert fired == ["far"]


@pytest.mark.case("E11")
def test_only_what_is_due_fires(cloud):
    table.commit(*(timers.arm(timer(f"t{n}", n)) for n in (-60 * 24, -1, 0, 5)))

    fired = []
    timers.sweep(ring(fired))

    assert sorted(fired) == ["t-1", "t-1440", "t0"]


def test_nothing_fires_before_its_moment_not_even_within_its_second(cloud):
    begun = clock.now().replace(microsecond=1)
    timers_due = [Timer("ring", f"t{n}", begun.replace(microsecond=n), {}) for n in (0, 2)]
    table.commit(*map(timers.arm, timers_due))

    fired = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: begun)
        timers.sweep(ring(fired))

    assert fired == ["t0"]


@pytest.mark.case("E11")
def test_a_schedule_that_fires_twice_fires_a_timer_once(cloud):
    table.commit(timers.arm(timer("t", -1)))

    fired = []
    for _ in range(2):
        timers.sweep(ring(fired))

    assert fired == ["t"]
    assert [row["sk"] for row in cloud.items("OrdersTable")] == ["t"]


@pytest.mark.case("E11")
def test_a_sweep_that_missed_a_day_catches_up_for_the_moment_that_was_due(cloud):
    late = timer("t", 1)
    table.commit(timers.arm(late))
    cloud.clock.advance(days=1)

    seen = []
    timers.sweep({"ring": lambda timer, now: seen.append(timer.due) or []})

    assert seen == [late.due]


def test_a_timer_that_fails_stays_and_holds_up_no_other(cloud):
    table.commit(timers.arm(timer("bad", -1)), timers.arm(timer("good", -1)))
    fired = []

    def fire(timer, now):
        if timer.id == "bad":
            raise RuntimeError
        fired.append(timer.id)
        return []

    timers.sweep({"ring": fire})

    assert fired == ["good"]
    assert [row["id"] for row in cloud.items("OrdersTable")] == ["bad"]


def test_an_effect_that_is_refused_leaves_the_timer_for_the_next_minute(cloud):
    table.commit(timers.arm(timer("t", -1)))
    table.apply(table.put({"pk": "RUNG", "sk": "t"}))

    timers.sweep(ring([]))

    assert {row["pk"].split("#")[0] for row in cloud.items("OrdersTable")} == {"TIMER", "RUNG"}


def test_a_timer_disarmed_does_not_fire(cloud):
    armed = timer("t", -1)
    table.commit(timers.arm(armed))
    table.commit(timers.disarm(armed))

    fired = []
    timers.sweep(ring(fired))

    assert fired == []


def test_each_sweep_tells_how_many_timers_were_late(cloud, capsys):
    table.commit(timers.arm(timer("late", -6)), timers.arm(timer("on time", -1)))

    timers.sweep(ring([]))
    timers.sweep(ring([]))

    assert overdue(capsys) == ["1.0", "0.0"]


class Unheard(Silent):
    """What a test's service is."""


def ask(asked, silent=()):
    """Timers that ask a service, of which *silent* are never answered, among others."""

    @timers.Asking
    def fire(timer, now):
        asked.append(timer.id)
        if timer.id in silent:
            raise Unheard
        return []

    return {"ask": fire}


def asking(name):
    return Timer("ask", name, clock.now() - timedelta(minutes=6), {})


class TestAServiceThatDoesNotAnswer:
    NAMES = ("a", "b", "c", "d", "e")

    @pytest.fixture(autouse=True)
    def armed(self, cloud):
        table.commit(*(timers.arm(asking(name)) for name in self.NAMES))

    @pytest.mark.case("T2")
    def test_is_asked_once_a_minute_and_holds_up_nobody(self, cloud):
        table.commit(*(timers.arm(timer(f"t{n}", -n)) for n in range(20)))
        asked, fired = [], []

        timers.sweep(ask(asked, self.NAMES) | ring(fired))

        assert (len(asked), len(fired)) == (1, 20)
        left = [row["id"] for row in cloud.items("OrdersTable") if row["pk"] != "RUNG"]
        assert sorted(left) == list(self.NAMES)

    def test_is_told_of_once_and_every_late_timer_is_counted(self, cloud, capsys):
        timers.sweep(ask([], self.NAMES))

        assert overdue(capsys) == ["5.0"]
        lines = cloud.logbook.lines
        assert not [line for line in lines if '"ERROR"' in line]
        [told] = [line for line in lines if "timers left" in line]
        assert '"left":5' in told.replace(" ", "")

    def test_about_one_of_them_answers_the_others_sooner_or_later(self, cloud):
        asked = []
        for _ in range(3 * len(self.NAMES)):
            timers.sweep(ask(asked, ["b"]))
            cloud.clock.advance(minutes=1)
        assert [row["id"] for row in cloud.items("OrdersTable")] == ["b"]
        assert sorted(set(asked)) == list(self.NAMES)

    def test_in_time_leaves_time_for_the_sweep_to_end(self, cloud):
        asked = []

        @timers.Asking
        def slow(timer, now):
            asked.append(timer.id)
            cloud.clock.advance(seconds=8)
            return []

        timers.sweep({"ask": slow})

        assert len(asked) == 2
