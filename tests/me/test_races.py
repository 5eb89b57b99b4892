"""Requests of one customer at once, in every order of their calls."""

from functools import partial

import pytest

from common.events.auth import ProfileChanged


class TestTwoChangesOfOneProfile:
    @pytest.fixture
    def race(self, at_once, me, rows_of, queued):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            [kept] = rows_of("PROFILE")
            assert (kept["name"], kept["birthday"], kept["version"]) == ("Ann", "1990-02-28", 3)
            assert queued(ProfileChanged) == 2

        changes = {"name": "Ann"}, {"birthday": "1990-02-28"}
        return at_once(*[partial(me, "PATCH", change) for change in changes], check=check)

    @pytest.mark.feature(16)
    def test_are_both_kept(self, race):
        race.every()

    def test_lose_a_version_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTwoChangesMeantForOneVersion:
    @pytest.fixture
    def race(self, at_once, me, rows_of):
        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 412]
            assert rows_of("PROFILE")[0]["version"] == 2

        match = {"if-match": '"1"'}
        tasks = [partial(me, "PATCH", {"name": n}, headers=match) for n in ("Ann", "Bob")]
        return at_once(*tasks, check=check)

    @pytest.mark.feature(16)
    def test_are_one(self, race):
        race.every()

    def test_are_two_when_the_version_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
