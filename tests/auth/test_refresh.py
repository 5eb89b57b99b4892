"""Refreshing: one live lineage, whatever is lost or repeated; a thief's use ends it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from auth.session.session import GRACE, LIFETIME, Device, Session, Verdict, judge
from common.access import Role
from common.events.sign_in import RefreshTokenReused

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def session(**changes):
    known = {"id": "s", "subject_id": "c", "role": Role.CUSTOMER, "started_at": NOON}
    known |= {"device": Device(None, None, "203.0.113.0/24")}
    return Session(**known | changes)


def test_staff_sign_in_anew_every_working_day():
    staff = session(role=Role.AGENT)

    assert staff.is_live(NOON + timedelta(hours=11))
    assert not staff.is_live(NOON + timedelta(hours=12))


# --- what is decided ---


@pytest.mark.parametrize(
    ("stands", "generation", "verdict"),
    [
        (None, 0, Verdict.OVER),
        (session(generation=1, rotated_at=NOON), 0, Verdict.RENEWED),
        (session(generation=1, rotated_at=NOON - GRACE), 0, Verdict.RENEWED),
        (session(generation=1, rotated_at=NOON - GRACE * 1.01), 0, Verdict.REUSED),
        (session(generation=2, rotated_at=NOON), 0, Verdict.REUSED),
        (session(generation=1, rotated_at=NOON, ended=True), 0, Verdict.OVER),
        (session(generation=1, rotated_at=NOON, started_at=NOON - LIFETIME), 0, Verdict.OVER),
        (session(generation=0), 5, Verdict.OVER),
    ],
)
def test_a_refresh_is_judged_by_how_the_session_stands_after_it(stands, generation, verdict):
    assert judge(stands, generation, NOON) is verdict


class Lineage(RuleBasedStateMachine):
    """A client and a thief refresh, repeat and wait, in any order."""

    def __init__(self):
        super().__init__()
        self.at = NOON
        self.stands = session()
        self.alarmed = False

    @rule(seconds=st.sampled_from([0, 1, 29, 30, 31, 600, 86_400]))
    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)

    @precondition(lambda self: not self.stands.ended)
    @rule(back=st.integers(0, 3))
    def refresh(self, back):
        """As the store does it: rotate if the generation is the newest, then judge."""
        generation = max(self.stands.generation - back, 0)
        before = self.stands
        if generation == before.generation and before.is_live(self.at):
            self.stands = session(generation=generation + 1, rotated_at=self.at)
        verdict = judge(self.stands, generation, self.at)
        if not before.is_live(self.at):
            assert verdict is Verdict.OVER
        elif generation == before.generation:
            assert verdict is Verdict.RENEWED
        elif generation == before.generation - 1 and self.at - before.rotated_at <= GRACE:
            assert verdict is Verdict.RENEWED
            assert self.stands == before
        else:
            assert verdict is Verdict.REUSED
            self.stands = session(generation=before.generation, ended=True)
            self.alarmed = True

    @invariant()
    def only_an_alarm_ends_it(self):
        assert self.stands.ended is self.alarmed


Lineage.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestLineage = Lineage.TestCase


# --- what is done ---


@pytest.fixture
def first(auth):
    return auth.customer()["refresh_token"]


def sessions_of(cloud):
    return [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]


def alarms(cloud):
    cloud.drain()
    return cloud.published(RefreshTokenReused)


def test_a_refresh_gives_a_new_pair(auth, cloud, first):
    answer = auth.refresh(first)
    assert answer.status == 200
    assert set(answer.body) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer.body["refresh_token"] != first
    token = answer.body["access_token"]
    assert cloud.call("GET", "/v1/loyalty", token=token).status == 200


def test_it_takes_one_round_trip(auth, cloud, first):
    with cloud.counted() as calls:
        auth.refresh(first)
    assert calls.trips == ["dynamodb.UpdateItem"]


@pytest.mark.case("S4")
class TestLostAnswers:
    def test_asking_again_gives_the_same_child(self, auth, cloud, first):
        lost = auth.refresh(first).body["refresh_token"]
        cloud.clock.advance(seconds=29)
        assert auth.refresh(first).body["refresh_token"] == lost
        assert auth.refresh(lost).status == 200

    def test_asking_again_writes_nothing_more(self, auth, cloud, first):
        auth.refresh(first)
        before = sessions_of(cloud)
        auth.refresh(first)
        assert sessions_of(cloud) == before

    def test_asking_again_does_not_prolong_the_grace(self, auth, cloud, first):
        for _ in range(2):
            auth.refresh(first)
            cloud.clock.advance(seconds=16)
        assert auth.refresh(first).status == 401

    def test_every_answer_in_a_row_may_be_lost_once(self, auth, cloud, first):
        token = first
        for _ in range(5):
            auth.refresh(token)
            token = auth.refresh(token).body["refresh_token"]
            cloud.clock.advance(minutes=10)
        assert auth.refresh(token).status == 200
        assert not alarms(cloud)

    def test_both_access_tokens_of_one_child_work(self, auth, cloud, first):
        tokens = [auth.refresh(first).body["access_token"] for _ in range(2)]
        for token in tokens:
            assert cloud.call("GET", "/v1/loyalty", token=token).status == 200


@pytest.mark.case("S2")
def test_a_parent_used_after_the_grace_ends_the_session_and_the_owner_is_told(auth, cloud, first):
    """Both the thief's and the customer's tokens are refused on their next call."""
    child = auth.refresh(first).body
    cloud.clock.advance(seconds=31)
    assert auth.refresh(first).status == 401

    assert auth.refresh(child["refresh_token"]).status == 401
    later(cloud)
    assert cloud.call("GET", "/v1/loyalty", token=child["access_token"]).status == 401
    [alarm] = alarms(cloud)
    assert alarm.session_id == first.split(".")[0]
    cloud.drain()
    assert any("завершили" in letter.subject for letter in cloud.letters)


def later(cloud):
    """Ten seconds on: every function has read the list of revoked sessions again."""
    cloud.clock.advance(seconds=10)


@pytest.mark.case("S3")
def test_no_second_child_can_be_displaced(auth, cloud, first):
    """Within the grace there is one child: a token that works never becomes an orphan."""
    one, other = (auth.refresh(first).body["refresh_token"] for _ in range(2))
    assert one == other
    grandchild = auth.refresh(one).body["refresh_token"]
    assert auth.refresh(grandchild).status == 200
    assert auth.refresh(first).status == 401
    assert auth.refresh(grandchild).status == 401


def test_the_alarm_is_raised_once(auth, cloud, first):
    auth.refresh(first)
    cloud.clock.advance(seconds=31)
    for _ in range(3):
        assert auth.refresh(first).status == 401
    assert len(alarms(cloud)) == 1


def test_other_sessions_go_on(auth, cloud, first):
    other = auth.sign_in().body["refresh_token"]
    auth.refresh(first)
    cloud.clock.advance(seconds=31)
    auth.refresh(first)
    assert auth.refresh(other).status == 200


@pytest.mark.case("S8")
def test_a_session_ends_after_ninety_days_however_often_it_is_refreshed(auth, cloud, first):
    token = first
    for _ in range(9):
        cloud.clock.advance(days=9, hours=23)
        token = auth.refresh(token).body["refresh_token"]
    cloud.clock.advance(hours=9)
    assert auth.refresh(token).status == 401
    assert sessions_of(cloud)


def test_the_role_outlives_the_refresh(auth, cloud, monkeypatch):
    monkeypatch.setitem(cloud.wiring.functions["AuthApi"].environment, "STAFF_SECOND_FACTOR", "off")
    agent = auth.hire()
    signed_in = auth.sign_in(agent["login"], agent["password"]).body
    token = auth.refresh(signed_in["refresh_token"]).body["access_token"]
    assert cloud.call("GET", "/v1/staff/tickets", token=token).status == 200


@pytest.mark.parametrize(
    "forge",
    [
        lambda t: "",
        lambda t: "x",
        lambda t: t[:-1],
        lambda t: t + "=",
        lambda t: t.replace(".0.", ".1."),
        lambda t: t.replace(".0.", ".00."),
        lambda t: t.replace(".0.", ".-1."),
        lambda t: t.replace(".0.", ".٠."),
        lambda t: t.upper(),
        lambda t: "01980000-0000-7000-8000-000000000000" + t[36:],
        lambda t: t[:-43] + "A" * 43,
    ],
)
def test_a_forged_token_is_refused_without_a_round_trip(auth, cloud, first, forge):
    with cloud.counted() as calls:
        assert auth.refresh(forge(first)).status == 401
    assert calls.trips == []


def test_no_token_lies_in_the_table(auth, cloud, first):
    second = auth.refresh(first).body
    rows = str(cloud.items("AuthTable"))
    for token in (first, second["refresh_token"], second["access_token"]):
        assert token not in rows
        assert token.rsplit(".", 1)[1] not in rows
