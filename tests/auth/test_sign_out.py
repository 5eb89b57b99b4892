"""Signing out ends the session, everywhere."""

import pytest

from common import access, clock, table
from common.access import Caller, Role
from common.errors import Unauthorized

CHECKOUT = {
    "delivery": {"recipient": "Ann", "address": "1 Tverskaya, Moscow"},
    "payment": "cash_on_delivery",
}


@pytest.fixture
def ann(auth):
    return auth.customer()


def session_id(tokens):
    return tokens["refresh_token"].split(".")[0]


@pytest.mark.case("S5")
def test_the_refresh_token_dies_at_once(auth, ann):
    assert auth.sign_out(ann["access_token"]).status == 204
    assert auth.refresh(ann["refresh_token"]).status == 401


@pytest.mark.case("S5")
def test_where_the_session_itself_is_checked_the_access_token_dies_at_once(auth, cloud, ann):
    caller = Caller(ann["customer_id"], session_id(ann), Role.CUSTOMER)
    with cloud.acting("OrdersApi"):
        access.check_session(caller)
    auth.sign_out(ann["access_token"])
    with cloud.acting("OrdersApi"), pytest.raises(Unauthorized):
        access.check_session(caller)


@pytest.mark.case("S5")
def test_checkout_refuses_it_at_once(auth, cloud, ann):
    token = ann["access_token"]
    cloud.call("GET", "/v1/loyalty", token=token)  # the list of revoked sessions is fresh now
    auth.sign_out(token)
    answer = cloud.call("POST", "/v1/checkout", CHECKOUT, token=token, key="key-00000001")
    assert (answer.status, answer.body["type"]) == (401, "urn:kabinet:problem:unauthorized")


@pytest.mark.case("S5")
@pytest.mark.parametrize("path", ["/v1/loyalty", "/v1/orders", "/v1/inbox", "/v1/tickets"])
def test_everywhere_else_it_dies_within_ten_seconds(auth, cloud, ann, path):
    token = ann["access_token"]
    assert cloud.call("GET", path, token=token).status == 200
    auth.sign_out(token)
    cloud.clock.advance(seconds=10)
    assert cloud.call("GET", path, token=token).status == 401


def test_it_stays_dead_for_as_long_as_the_token_would_live(auth, cloud, ann):
    auth.sign_out(ann["access_token"])
    cloud.clock.advance(minutes=9, seconds=55)
    assert cloud.call("GET", "/v1/loyalty", token=ann["access_token"]).status == 401
    cloud.clock.advance(seconds=10)
    assert cloud.call("GET", "/v1/loyalty", token=ann["access_token"]).status == 401


def test_a_token_never_outlives_the_list_that_would_refuse_it(auth, cloud, ann, monkeypatch):
    """However long it takes to make, it counts from before the session was seen alive."""
    from auth import store

    rotate = store.rotate

    def slowly(*arguments):
        session = rotate(*arguments)
        cloud.clock.advance(seconds=8)
        return session

    monkeypatch.setattr(store, "rotate", slowly)
    before = clock.now()
    with cloud.acting("OrdersApi"):
        claims = access.verify(auth.refresh(ann["refresh_token"]).body["access_token"])
    assert claims["exp"] <= (before + access.TOKEN_LIFETIME).timestamp() + 1


@pytest.mark.case("S5")
def test_a_sign_out_that_took_long_ends_tokens_issued_meanwhile(auth, cloud, ann, monkeypatch):
    from auth import store

    end, issued = store.end_sessions, []

    def slowly(*arguments):
        cloud.clock.advance(seconds=8)
        issued.append(auth.refresh(ann["refresh_token"]).body["access_token"])
        end(*arguments)

    monkeypatch.setattr(store, "end_sessions", slowly)
    auth.sign_out(ann["access_token"])

    cloud.clock.advance(minutes=9, seconds=55)
    assert cloud.call("GET", "/v1/loyalty", token=issued[0]).status == 401


def test_again_is_fine(auth, cloud, ann):
    assert auth.sign_out(ann["access_token"]).status == 204
    cloud.clock.advance(seconds=10)
    before = cloud.items("AuthTable")
    assert auth.sign_out(ann["access_token"]).status == 204
    assert cloud.items("AuthTable") == before


def test_other_sessions_of_the_customer_go_on(auth, cloud, ann):
    other = auth.sign_in().body
    auth.sign_out(ann["access_token"])
    cloud.clock.advance(seconds=10)
    assert cloud.call("GET", "/v1/loyalty", token=other["access_token"]).status == 200


def test_staff_sign_out_too(auth, cloud):
    agent = cloud.staff("agent")
    assert auth.sign_out(agent.token).status == 204
    cloud.clock.advance(seconds=10)
    assert cloud.call("GET", "/v1/staff/tickets", token=agent.token).status == 401


def test_it_takes_two_round_trips(auth, cloud, ann):
    with cloud.counted() as calls:
        auth.sign_out(ann["access_token"])
    trips = [name for name in calls.names if name.startswith("dynamodb.")]
    assert trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


@pytest.mark.parametrize("token", [None, "", "x", "x.y.z"])
def test_without_a_genuine_token_there_is_nothing_to_end(auth, token):
    answer = auth.sign_out(token)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_nobody_can_name_another_session_to_end(auth, cloud, ann):
    other = cloud.customer()
    body = {"session_id": session_id(ann)}
    cloud.call("POST", "/v1/auth/sign-out", body, token=other.token)
    with cloud.acting("AuthApi"):
        assert "ended_at" not in table.get(f"SESSION#{session_id(ann)}", "SESSION")
