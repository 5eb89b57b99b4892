"""Second factors, used twice at once: what is good once, is good once."""

from functools import partial

import pytest
from pyotp import TOTP

from common import clock
from common.access import Act
from common.events.sign_in import FactorAdded, RecoveryCodeUsed
from shop import Shop


def told(answer):
    """What an answer says: its status, and the problem if it is one."""
    kind = (answer.body or {}).get("type", "").removeprefix("urn:kabinet:problem:")
    return (answer.status, kind) if kind else answer.status


@pytest.fixture
def queued(cloud):
    """How many events of a kind lie in the outbox."""
    return lambda kind: sum(row.get("name") == kind.name for row in cloud.items("AuthTable"))


@pytest.fixture
def sessions(cloud):
    return lambda: len([row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"])


@pytest.fixture
def shop(auth, cloud):
    return Shop(cloud)


@pytest.fixture
def ann(shop, auth):
    return shop.register(auth.email)[0]


class TestARecoveryCode:
    @pytest.fixture
    def race(self, at_once, auth, shop, ann, queued, sessions):
        shop.authenticator(ann)
        code = shop.recovery_codes(ann)[0]
        steps = [shop.second_step(auth.email) for _ in range(2)]

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(401, "wrong_second_factor"), 200]
            assert sessions() == 2
            assert queued(RecoveryCodeUsed) == 1

        tasks = [partial(auth.confirm_step, step, recovery_code=code) for step in steps]
        return at_once(*tasks, check=check)

    @pytest.mark.case("F7")
    def test_used_twice_at_once_works_once(self, race):
        race.sample(6)

    def test_works_twice_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAStepOfAnAuthenticator:
    @pytest.fixture
    def race(self, at_once, auth, cloud, shop, ann, sessions):
        app = shop.authenticator(ann)
        cloud.clock.advance(seconds=30)
        steps = [shop.second_step(auth.email) for _ in range(2)]
        code = app.at(clock.now())

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(401, "wrong_second_factor"), 200]
            assert sessions() == 2

        tasks = [partial(auth.confirm_step, step, totp_code=code) for step in steps]
        return at_once(*tasks, check=check)

    @pytest.mark.case("F2")
    def test_shown_twice_at_once_works_once(self, race):
        race.sample(6)

    def test_works_twice_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestAnEnrolment:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, queued):
        shop.prove(ann, Act.FACTORS)
        begun = shop.ask(ann, "POST", "/v1/auth/factors/totp")
        path = f"/v1/auth/factors/{begun['id']}/confirm"
        confirm = shop.asking(ann, "POST", path, {"code": TOTP(begun["secret"]).at(clock.now())})

        def check(answers):
            assert {told(answer) for answer in answers} <= {204, (404, "challenge_over")}
            assert 204 in map(told, answers)
            assert queued(FactorAdded) == 1

        return at_once(confirm, confirm, check=check)

    @pytest.mark.case("F8")
    def test_confirmed_twice_at_once_adds_one_factor(self, race):
        race.sample(6)

    def test_adds_two_when_it_is_looked_at_first(self, race):
        race.catches("CHALLENGE#", "CUSTOMER#")
