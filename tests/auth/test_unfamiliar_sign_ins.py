"""An unfamiliar sign-in: its owner hears of it, and can close the account by one click."""

import re
from dataclasses import replace

import pytest

from auth import store
from auth.sign_in.authentication import AT_LOGIN
from auth.sign_in.risk import MANY_FAILURES
from common import clock, ids, not_me
from common.events.sign_in import SignInHeld, UnfamiliarSignIn

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
def account_changed(auth, cloud):
    """Changes Ann's account, as another route would."""

    def changed(**fields):
        with cloud.acting("AuthApi"):
            account = store.account_by_login(auth.email)
            store.change_account(account, replace(account, **fields))

    return changed


@pytest.fixture
def disown(auth):
    return lambda token: auth.post("/v1/auth/not-me", {"token": token})


def name(answer):
    return answer.body.get("type", "").removeprefix("urn:kabinet:problem:")


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


AFAR = {"ip": "198.51.100.9", "headers": ELSEWHERE}
FRANCE = {"cloudfront-viewer-country": "FR"}
RUSSIA = {"cloudfront-viewer-country": "RU"}


class TestFromAfar:
    def test_the_password_alone_lets_nobody_in_and_a_code_does(self, auth, cloud, ann):
        sessions = [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]
        held = auth.sign_in(**AFAR)
        assert (held.status, name(held)) == (401, "second_factor_required")
        assert held.body["methods"] == [{"kind": "email", "to": "a***@example.com"}]
        assert [r for r in cloud.items("AuthTable") if r["sk"] == "SESSION"] == sessions
        assert auth.sign_in_from_afar(**AFAR).status == 200

    def test_it_is_asked_for_no_more_once_it_was_shown(self, auth, ann):
        assert auth.sign_in_from_afar(**AFAR).status == 200
        assert auth.sign_in(**AFAR).status == 200

    @pytest.mark.case("F10")
    def test_half_a_proof_makes_no_place_known_and_shows_nothing(self, auth, ann):
        for _ in range(2):
            held = auth.sign_in(**AFAR)
            assert name(held) == "second_factor_required"
            assert not {"access_token", "refresh_token", "customer_id"} & held.body.keys()

    @pytest.mark.case("A20")
    def test_the_owner_is_told_at_once_once_a_day_and_may_close_the_account(
        self, auth, cloud, ann, disown
    ):
        for _ in range(3):
            auth.sign_in(**AFAR)
        cloud.drain()
        assert len(cloud.published(SignInHeld)) == 1
        [text] = [x.text for x in cloud.letters if "/v1/auth/not-me/" in x.text]
        assert disown(re.search(r"/v1/auth/not-me/(\S+)", text)[1]).status == 202
        assert name(auth.sign_in(**AFAR)) == "wrong_credentials"

    def test_who_has_a_phone_too_gets_the_code_there_and_the_letter_by_e_mail(
        self, auth, cloud, ann, account_changed
    ):
        account_changed(logins=(auth.email, "+79991234567"))
        held = auth.sign_in(**AFAR)
        offered = [(offer["kind"], offer["to"]) for offer in held.body["methods"]]
        assert offered == [("sms", "+7***67"), ("email", "a***@example.com")]
        cloud.drain()
        [letter] = [x for x in cloud.letters if "/v1/auth/not-me/" in x.text]
        assert letter.to == auth.email

    @pytest.mark.case("A20")
    def test_after_five_wrong_passwords_a_strange_network_is_enough(self, auth, ann):
        for _ in range(MANY_FAILURES):
            auth.sign_in(password="not the password", ip="192.0.2.4")
        held = auth.sign_in(ip="198.51.100.9")
        assert name(held) == "second_factor_required"
        assert auth.sign_in().status == 200  # at home nobody is kept out by strangers

    @pytest.mark.case("A20")
    def test_a_country_nobody_knows_is_asked_about_and_breaks_nothing(
        self, auth, cloud, ann, monkeypatch, account_changed
    ):
        environment = cloud.wiring.functions["AuthApi"].environment
        monkeypatch.setitem(environment, "COUNTRY_HEADER", "CloudFront-Viewer-Country")
        assert auth.sign_in(headers=RUSSIA).status == 200
        for headers in ({}, FRANCE, {"cloudfront-viewer-country": "\u0416!"}):
            held = auth.sign_in(ip="198.51.100.9", headers=headers)
            assert (held.status, name(held)) == (401, "second_factor_required")
        assert auth.sign_in(ip="198.51.100.9", headers=RUSSIA).status == 200

    def test_what_a_client_writes_of_its_country_counts_for_nothing(self, auth, ann):
        assert auth.sign_in(headers=RUSSIA).status == 200
        assert auth.sign_in(ip="198.51.100.9", headers=FRANCE).status == 200

    def test_who_has_a_second_factor_is_asked_for_that_instead(self, auth, ann, authenticate):
        current = authenticate(auth.email)
        asked = auth.sign_in(**AFAR)
        assert [offer["kind"] for offer in asked.body["methods"]] == ["totp"]
        assert auth.sign_in(**AFAR, totp_code=current()).status == 200

    def test_a_code_to_a_contact_is_proof_enough(self, auth, ann):
        id_ = auth.code_asked(auth.email, ip=AFAR["ip"])
        assert auth.confirm_code(id_, auth.code(id_), **AFAR).status == 200

    @pytest.mark.case("O2")
    def test_a_step_that_waits_dies_when_the_account_is_closed(self, auth, ann, disown, cloud):
        held = auth.sign_in(**AFAR).body
        id_, path = held["second_step_id"], "/v1/auth/sign-in/second-steps"
        auth.post(f"{path}/{id_}/codes", {"method": "email"})
        auth.deliver(id_)
        cloud.drain()
        [text] = [x.text for x in cloud.letters if "/v1/auth/not-me/" in x.text]
        disown(re.search(r"/v1/auth/not-me/(\S+)", text)[1])
        answer = auth.post(f"{path}/{id_}/confirm", {"code": auth.code(id_)})
        assert (answer.status, name(answer)) == (401, "sign_in_overtaken")

    @pytest.mark.case("A1")
    def test_a_wrong_password_does_not_tell_that_it_would_be_asked(self, auth, ann):
        assert name(auth.sign_in(password="not the password", **AFAR)) == "wrong_credentials"


@pytest.mark.feature(19)
@pytest.mark.case("A9")
def test_whoever_used_up_their_guesses_is_shown_the_way_back(auth, ann):
    answers = [auth.sign_in(password="not the password") for _ in range(AT_LOGIN.allowed + 1)]
    assert (answers[-1].status, name(answers[-1])) == (429, "too_many_guesses")
    assert answers[-1].body["recovery"] == "/v1/auth/recoveries"


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
