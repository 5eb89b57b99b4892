"""The second step of a sign-in: what a first proof alone opens, which is nothing."""

from dataclasses import replace

import pytest

from auth import store
from auth.challenge.challenge import MOST_ATTEMPTS
from auth.sign_in.guesses import SECOND_FACTORS
from common import clock


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


def wrong(code):
    return "000000" if code != "000000" else "000001"


@pytest.fixture
def ann(auth, reach):
    """A customer with two second factors."""
    made = auth.customer()
    reach(auth.email, "sms", "voice")
    return made


@pytest.fixture
def sessions(cloud):
    return lambda: [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]


@pytest.mark.feature(9)
def test_a_code_by_sms_is_asked_for_after_the_password(auth, ann, sessions):
    asked = auth.sign_in()
    assert kind(asked) == (401, "second_factor_required")
    assert asked.body["methods"] == [
        {"kind": "sms", "to": "+7***21"},
        {"kind": "voice", "to": "+7***21"},
    ]
    assert asked.body["expires_in"] == 600
    step = asked.body["second_step_id"]
    answer = auth.confirm_step(step, code=auth.second_code(step, "sms"))
    assert answer.status == 200
    assert answer.body["customer_id"] == ann["customer_id"]
    assert sessions()[-1]["amr"] == ["pwd", "sms", "mfa"]


@pytest.mark.feature(10)
def test_a_code_by_another_channel_does_too(auth, ann, sessions):
    step = auth.second_step()
    assert auth.confirm_step(step, code=auth.second_code(step, "voice")).status == 200
    assert sessions()[-1]["amr"] == ["pwd", "tel", "mfa"]


@pytest.mark.feature(10)
def test_an_authenticator_does_too(auth, authenticate):
    auth.customer()
    current = authenticate(auth.email)
    assert auth.confirm_step(auth.second_step(), totp_code=current()).status == 200


def test_the_code_is_told_as_one_to_sign_in_by(auth, cloud, ann):
    step = auth.second_step()
    auth.send_second_code(step, "sms")
    cloud.drain()
    assert "вход" in cloud.texts[-1].text.lower()


@pytest.mark.case("F10")
class TestPartialAuthentication:
    def test_a_step_opens_no_route_and_no_session_is_there(self, auth, cloud, ann, sessions):
        before, step = sessions(), auth.second_step()
        assert cloud.call("GET", "/v1/auth/sessions", token=step).status == 401
        assert auth.refresh(step).status == 401
        assert sessions() == before

    def test_its_code_is_good_for_nothing_else(self, auth, ann):
        step = auth.second_step()
        code = auth.second_code(step)
        assert kind(auth.confirm(step, code)) == (404, "challenge_over")
        assert kind(auth.confirm_code(step, code)) == (404, "challenge_over")
        assert auth.confirm_step(step, code=code).status == 200

    @pytest.mark.case("F5")
    def test_no_other_code_is_good_for_it(self, auth, ann, monkeypatch):
        drawn = iter((1, 2, 3))
        monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))
        sign_in = auth.code_asked(auth.email)
        assert kind(auth.confirm_step(sign_in, code=auth.code(sign_in))) == (404, "challenge_over")
        one, other = auth.second_step(), auth.second_step()
        code = auth.second_code(one)
        auth.second_code(other)
        assert kind(auth.confirm_step(other, code=code)) == (401, "wrong_second_factor")

    def test_a_new_password_ends_it(self, auth, cloud, ann):
        self.overtaken(auth, cloud, password_version=2)

    def test_a_revocation_ends_it(self, auth, cloud, ann):
        self.overtaken(auth, cloud, revocations=1)

    def test_another_set_of_factors_ends_it(self, auth, cloud, ann):
        self.overtaken(auth, cloud, factors=())

    def overtaken(self, auth, cloud, **changes):
        step = auth.second_step()
        code = auth.second_code(step)
        with cloud.acting("AuthApi"):
            account = store.account_by_login(auth.email)
            store.change_account(account, replace(account, **changes))
        assert kind(auth.confirm_step(step, code=code)) == (401, "sign_in_overtaken")

    def test_it_ends_by_itself_though_its_row_is_there(self, auth, cloud, ann):
        step = auth.second_step()
        code = auth.second_code(step)
        cloud.clock.advance(minutes=10)
        assert kind(auth.confirm_step(step, code=code)) == (404, "challenge_over")
        assert kind(auth.send_second_code(step, "sms")) == (404, "challenge_over")

    def test_it_serves_once(self, auth, ann):
        step = auth.second_step()
        code = auth.second_code(step)
        assert auth.confirm_step(step, code=code).status == 200
        assert kind(auth.confirm_step(step, code=code)) == (404, "challenge_over")


@pytest.mark.case("F4")
class TestGuesses:
    def test_five_are_all_of_a_step(self, auth, ann):
        step = auth.second_step()
        code = auth.second_code(step)
        for left in range(MOST_ATTEMPTS - 1, -1, -1):
            answer = auth.confirm_step(step, code=wrong(code))
            assert kind(answer) == (401, "wrong_second_factor")
            assert answer.body["attempts_left"] == left
        assert kind(auth.confirm_step(step, code=code)) == (409, "attempts_used_up")
        assert kind(auth.send_second_code(step, "sms")) == (409, "attempts_used_up")

    def test_so_many_are_all_of_an_account_over_its_steps_and_networks(self, auth, ann):
        auth.spend(SECOND_FACTORS, ann["customer_id"])
        step = auth.second_step()
        code = auth.second_code(step)
        assert auth.confirm_step(step, code=code, ip="192.0.2.77").status == 429


def test_no_code_is_good_before_one_was_sent(auth, ann):
    assert kind(auth.confirm_step(auth.second_step(), code="000000")) == (
        401,
        "wrong_second_factor",
    )


def test_a_code_sent_anew_kills_the_one_before(auth, ann, monkeypatch):
    drawn = iter((1, 2))
    monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))
    step = auth.second_step()
    auth.second_code(step, "sms")
    auth.second_code(step, "voice")
    assert auth.confirm_step(step, code="000001").status == 401
    assert auth.confirm_step(step, code="000002").status == 200


def test_a_code_goes_by_what_the_account_has_alone(auth, ann):
    step = auth.second_step()
    assert kind(auth.send_second_code(step, "email")) == (422, "method_not_offered")
    assert kind(auth.send_second_code(step, "totp"))[0] == 422


@pytest.mark.case("F3")
@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"code": 123456},
        {"code": "１２３４５６"},
        {"code": "123 456"},
        {"code": "123456", "totp_code": "123456"},
    ],
)
def test_only_one_proof_of_its_form_is_taken(auth, ann, shown):
    assert auth.confirm_step(auth.second_step(), **shown).status == 422


@pytest.mark.case("F2")
def test_an_authenticators_code_works_once_over_both_ways(auth, authenticate):
    auth.customer()
    current = authenticate(auth.email)
    one, code = auth.second_step(), current()
    assert auth.sign_in(totp_code=code).status == 200
    assert kind(auth.confirm_step(one, totp_code=code)) == (401, "wrong_second_factor")


def test_staff_take_the_second_step_too(auth, cloud):
    from pyotp import TOTP

    hired = auth.hire()
    step = auth.second_step(hired["login"], hired["password"])
    answer = auth.confirm_step(step, totp_code=TOTP(hired["totp_secret"]).at(clock.now()))
    assert answer.body["staff_id"] == hired["staff_id"]
