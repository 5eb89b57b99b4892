"""The sessions of an account: seen, and ended one by one or all others at once."""

from functools import partial

import boto3
import pytest

from auth import store, tokens
from cloud import Person
from common import access, clock
from common.access import Caller, Role
from common.errors import Unauthorized
from shop import Shop

SESSIONS = "/v1/auth/sessions"
MISSING = "0198face-0000-7000-8000-000000000000"


def session_id(tokens):
    return tokens["refresh_token"].partition(".")[0]


@pytest.fixture
def ann(auth):
    return auth.customer()


@pytest.fixture
def phone(auth, ann):
    """Another session of Ann's, on her phone."""
    hint = {"sec-ch-ua-platform": '"Android"'}
    fields = {"ip": "198.51.100.77", "headers": hint, "device_name": "Ann's phone"}
    return auth.sign_in_from_afar(**fields).body


@pytest.fixture
def ask(cloud):
    def asked(method, tokens, path=""):
        return cloud.call(method, SESSIONS + path, token=tokens["access_token"])

    return asked


@pytest.mark.feature(21)
@pytest.mark.feature(23)
def test_a_customer_sees_where_they_are_signed_in(auth, cloud, ask, ann, phone):
    cloud.clock.advance(minutes=5)
    auth.refresh(phone["refresh_token"])
    seen, first = ask("GET", ann).body["items"]
    assert seen["id"] == session_id(phone)
    assert (seen["device_name"], seen["platform"]) == ("Ann's phone", "Android")
    assert seen["place"] == "198.51.100.0/24"
    assert seen["last_seen_at"] > seen["began_at"]
    assert [seen["current"], first["current"]] == [False, True]


def test_seeing_them_takes_two_round_trips(cloud, ask, ann):
    with cloud.counted() as calls:
        ask("GET", ann)
    assert calls.trips == ["dynamodb.GetItem", "dynamodb.BatchGetItem"]


def test_one_that_ended_is_not_seen(auth, ask, ann, phone):
    auth.sign_out(phone["access_token"])
    assert [item["id"] for item in ask("GET", ann).body["items"]] == [session_id(ann)]


@pytest.mark.case("S6")
def test_one_can_be_ended_at_once(auth, cloud, ask, ann, phone):
    assert ask("DELETE", ann, f"/{session_id(phone)}").status == 204
    assert auth.refresh(phone["refresh_token"]).status == 401
    caller = Caller(ann["customer_id"], session_id(phone), Role.CUSTOMER)
    with cloud.acting("OrdersApi"), pytest.raises(Unauthorized):
        access.check_session(caller)
    assert auth.refresh(ann["refresh_token"]).status == 200


@pytest.mark.case("S6")
def test_an_ended_one_is_refused_by_these_routes_at_once(ask, ann, phone):
    ask("DELETE", ann, f"/{session_id(phone)}")
    for method, path in (("GET", ""), ("DELETE", ""), ("DELETE", f"/{session_id(ann)}")):
        assert ask(method, phone, path).status == 401


@pytest.mark.case("S9")
def test_somebody_elses_is_as_if_it_were_not_there(auth, ask, ann):
    bob = auth.customer("bob@example.com")
    foreign, missing = (ask("DELETE", bob, f"/{id_}") for id_ in (session_id(ann), MISSING))
    assert foreign.status == missing.status == 404
    assert foreign.body == missing.body
    assert auth.refresh(ann["refresh_token"]).status == 200


def test_all_others_can_be_ended_at_once(auth, ask, ann, phone):
    auth.sign_in()
    assert ask("DELETE", ann).body == {"ended": 2}
    assert ask("DELETE", ann).body == {"ended": 0}
    assert auth.refresh(phone["refresh_token"]).status == 401
    assert auth.refresh(ann["refresh_token"]).status == 200


@pytest.mark.case("S11")
def test_no_session_of_before_a_sign_in_goes_on_after_it(auth, cloud, ann):
    """There is no anonymous session to fix: a sign-in takes no session's id from anybody, and
    makes one of its own even for who is signed in."""
    asked = {"session_id": session_id(ann), "refresh_token": ann["refresh_token"]}
    assert auth.sign_in(**asked).status == 422
    body = {"login": auth.email, "password": auth.password}
    again = cloud.call("POST", "/v1/auth/sign-in", body, token=ann["access_token"]).body
    assert session_id(again) != session_id(ann)


@pytest.mark.case("S13")
def test_a_token_in_the_query_is_no_token_and_nothing_is_cached(cloud, ask, ann):
    query = {"access_token": ann["access_token"]}
    assert cloud.call("GET", SESSIONS, query=query).status == 401
    assert ask("GET", ann).headers["cache-control"] == "no-store"


class TestASignInWhileSessionsAreRevoked:
    @pytest.fixture
    def race(self, at_once, auth, ask, ann, phone):
        def check(answers):
            signed_in, revoked = answers
            assert revoked.status == 200
            live = {item["id"] for item in ask("GET", ann).body["items"]}
            assert session_id(phone) not in live
            if signed_in.status == 200:
                assert live <= {session_id(ann), session_id(signed_in.body)}
            else:
                assert signed_in.body["type"].endswith("sign_in_overtaken")
                assert live == {session_id(ann)}
            assert len(live) == (3 - revoked.body["ended"] if signed_in.status == 200 else 1)

        return at_once(auth.sign_in, partial(ask, "DELETE", ann), check=check)

    @pytest.mark.case("S6")
    def test_is_ended_or_refused_or_comes_after(self, race):
        race.sample(8)

    def test_is_missed_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestARefreshWhileSessionsAreRevoked:
    @pytest.fixture
    def race(self, at_once, auth, ask, ann, phone):
        def check(answers):
            refreshed, revoked = answers
            assert revoked.body == {"ended": 1}
            token = phone["refresh_token"]
            if refreshed.status == 200:
                token = refreshed.body["refresh_token"]
            assert auth.refresh(token).status == 401

        refresh = partial(auth.refresh, phone["refresh_token"])
        return at_once(refresh, partial(ask, "DELETE", ann), check=check)

    @pytest.mark.case("S6")
    def test_gives_a_token_that_is_dead(self, race):
        race.every()


class TestASessionThatRanOut:
    @pytest.fixture
    def later(self, auth, cloud, ann):
        """A session of today; the account names an older one, which is over since."""
        cloud.clock.advance(days=89)
        made = auth.sign_in().body
        cloud.clock.advance(days=1)
        with cloud.acting("AuthApi"):
            token = tokens.access_token(
                ann["customer_id"], session_id(made), Role.CUSTOMER, clock.now()
            )
        return Person(ann["customer_id"], session_id(made), token)

    @pytest.fixture
    def act(self, cloud, later):
        return lambda *asked: cloud.call(*asked, token=later.token)

    @pytest.fixture(params=["its row stands", "its row is gone"])
    def row(self, request, cloud, ann, later):
        """As the table may have it by then: its rows leave in their own time."""
        if request.param == "its row is gone":
            key = {"pk": {"S": f"SESSION#{session_id(ann)}"}, "sk": {"S": "SESSION"}}
            name = cloud.wiring.physical["AuthTable"]["Ref"]
            boto3.client("dynamodb").delete_item(TableName=name, Key=key)

    def test_is_not_seen(self, act, later, row):
        seen = act("GET", SESSIONS).body["items"]
        assert [item["id"] for item in seen] == [later.session_id]

    def test_is_none_that_can_be_ended(self, act, ann, row):
        assert act("DELETE", SESSIONS).body == {"ended": 0}
        assert act("DELETE", f"{SESSIONS}/{session_id(ann)}").status == 404

    def test_is_in_no_new_passwords_way(self, auth, cloud, act, later, row):
        Shop(cloud).prove(later, access.Act.PASSWORD)
        body = {"new_password": "another happy walk"}
        assert act("PUT", "/v1/auth/password", body).status == 204
        assert auth.sign_in(password=body["new_password"]).status == 200

    def test_is_in_no_sign_outs_way(self, act, row):
        assert act("POST", "/v1/auth/sign-out").status == 204

    def test_is_in_no_factors_way(self, auth, cloud, act, later, row, reach):
        reach(auth.email, "sms")
        Shop(cloud).prove(later, access.Act.FACTORS)
        with cloud.acting("AuthApi"):
            [factor] = store.account_by_login(auth.email).factors
        cloud.clock.advance(seconds=2)
        Shop(cloud).prove(later, access.Act.FACTORS)
        assert act("DELETE", f"/v1/auth/factors/{factor.id}").status == 204

    def test_is_in_no_recoverys_way(self, auth, cloud, row):
        shop = Shop(cloud)
        asked, code = shop.recovering(auth.email)
        body = {"code": code, "new_password": "another happy walk"}
        shop.ask(None, "POST", f"/v1/auth/recoveries/{asked}/confirm", body)
