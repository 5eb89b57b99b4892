"""An unfamiliar sign-in: its owner hears of it, and can close the account by one click."""

import re

import pytest

from common import clock, ids, not_me
from common.events.auth import UnfamiliarSignIn

pytestmark = pytest.mark.feature(12)

ELSEWHERE = {"sec-ch-ua-platform": '"Windows"'}
NEW = "another happy walk"


@pytest.fixture
def ann(auth, cloud):
    made = auth.customer()
    cloud.drain()
    return made


@pytest.fixture
def told(cloud):
    def events():
        cloud.drain()
        return cloud.published(UnfamiliarSignIn)

    return events


@pytest.fixture
def thief(auth, ann):
    return auth.sign_in(headers=ELSEWHERE).body


@pytest.fixture
def token(cloud, thief):
    """What the link in the letter carries."""
    cloud.drain()
    [found] = [x.text for x in cloud.letters if "/v1/auth/not-me/" in x.text]
    return re.search(r"https?://\S+/v1/auth/not-me/(\S+)", found)[1]


@pytest.fixture
def disown(auth):
    return lambda token: auth.post("/v1/auth/not-me", {"token": token})


def test_a_new_device_is_told_of_once(auth, ann, told):
    assert told() == []  # not of the registration
    auth.sign_in()
    assert told() == []  # nor of where they always are
    auth.sign_in(headers=ELSEWHERE)
    [event] = told()
    assert (event.device, event.place) == ("Windows", "203.0.113.0/24")
    auth.sign_in(headers=ELSEWHERE)
    assert len(told()) == 1


def test_a_new_network_alone_is_not(auth, ann, told):
    auth.sign_in(ip="198.51.100.9")
    assert told() == []


@pytest.mark.case("A12")
def test_the_link_has_the_shops_address_whatever_the_host_said(auth, cloud, ann):
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    auth.sign_in(headers=ELSEWHERE | forged)
    cloud.drain()
    [letter] = [x.text for x in cloud.letters if "/v1/auth/not-me/" in x.text]
    assert "evil.example" not in letter


class TestNotMe:
    @pytest.mark.feature(19)
    @pytest.mark.case("O2", "S6")
    def test_ends_all_sessions_and_the_password_and_begins_a_recovery(
        self, auth, cloud, ann, thief, token, disown
    ):
        answer = disown(token)
        assert answer.status == 202
        for session in (ann, thief):
            assert auth.refresh(session["refresh_token"]).status == 401
        assert auth.sign_in().status == 401
        recovery = answer.body["recovery_id"]
        auth.deliver(recovery)
        body = {"code": auth.code(recovery), "new_password": NEW}
        path = f"/v1/auth/recoveries/{recovery}/confirm"
        assert cloud.call("POST", path, body).status == 204
        assert auth.sign_in(password=NEW).status == 200

    def test_shows_in_the_history(self, auth, cloud, ann, token, disown):
        recovery = auth.deliver(disown(token).body["recovery_id"])
        body = {"code": auth.code(recovery), "new_password": NEW}
        cloud.call("POST", f"/v1/auth/recoveries/{recovery}/confirm", body)
        me = auth.sign_in(password=NEW).body
        listed = cloud.call("GET", "/v1/auth/sign-ins", token=me["access_token"]).body["items"]
        assert [item["disowned"] for item in listed] == [False, True, False]

    def test_again_is_the_same_answer_and_ends_nothing_new(self, auth, cloud, ann, token, disown):
        recovery = auth.deliver(disown(token).body["recovery_id"])
        assert disown(token).body["recovery_id"] == recovery
        body = {"code": auth.code(recovery), "new_password": NEW}
        assert cloud.call("POST", f"/v1/auth/recoveries/{recovery}/confirm", body).status == 204
        again = auth.sign_in(password=NEW).body
        assert disown(token).status == 202
        assert auth.refresh(again["refresh_token"]).status == 200

    def test_is_not_done_by_looking(self, auth, cloud, ann, thief, token):
        before = cloud.items("AuthTable")
        shown = cloud.request("GET", f"/v1/auth/not-me/{token}", None, {}, {})
        assert shown.status == 200
        assert '<form method="post">' in shown.body
        assert cloud.items("AuthTable") == before

    def test_is_done_by_the_pages_button(self, auth, cloud, ann, thief, token):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        done = cloud.request("POST", f"/v1/auth/not-me/{token}", "", kind, {})
        assert done.status == 200
        assert "form" not in re.sub(r"<style>.*</style>", "", done.body, flags=re.S)
        assert auth.refresh(thief["refresh_token"]).status == 401

    def test_takes_no_forged_or_old_link(self, auth, cloud, ann, thief, token, disown):
        customer, entry, mac = token.split("-")
        bob = auth.customer("bob@example.com")["customer_id"].replace("-", "")
        for forged in (f"{bob}-{entry}-{mac}", f"{customer}-{entry}-{mac[::-1]}", "x", "é" * 9):
            assert disown(forged).status == 404
        cloud.clock.advance(seconds=not_me.LIFETIME.total_seconds())
        assert disown(token).status == 404
        assert auth.refresh(thief["refresh_token"]).status == 200

    def test_of_an_entry_that_never_was_closes_nothing(self, auth, cloud, ann, disown):
        with cloud.acting("AuthApi"):
            made = not_me.Link(ann["customer_id"], ids.new(clock.now()))
            token = not_me.seal(made)
        disown(token)
        assert auth.refresh(ann["refresh_token"]).status == 200
