"""A new password: set after a fresh proof; what was before it is over."""

from functools import partial

import pytest

from common.access import Act
from common.events.sign_in import PasswordChanged
from shop import Shop

NEW = "another happy walk"


def session_id(tokens):
    return tokens["refresh_token"].partition(".")[0]


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


class Owner:
    def __init__(self, auth, tokens):
        self.auth, self.tokens = auth, tokens
        self.session_id = session_id(tokens)

    def prove(self, act=Act.PASSWORD):
        Shop(self.auth.cloud).prove(self, act)

    def change(self, password=NEW):
        token = self.tokens["access_token"]
        body = {"new_password": password}
        return self.auth.cloud.call("PUT", "/v1/auth/password", body, token=token, language="en")


@pytest.fixture
def ann(auth):
    return Owner(auth, auth.customer())


@pytest.mark.case("A16")
@pytest.mark.parametrize("act", [None, Act.MONEY])
def test_a_token_alone_changes_nothing(auth, ann, act):
    if act:
        ann.prove(act)
    answer = ann.change()
    assert kind(answer) == (401, "step_up_required")
    assert answer.body["act"] == "password"
    assert "insufficient_user_authentication" in answer.headers["www-authenticate"]
    assert auth.sign_in().status == 200


@pytest.mark.feature(17)
@pytest.mark.case("S6")
def test_the_new_one_signs_in_and_every_other_session_is_over(auth, cloud, ann):
    other = auth.sign_in().body
    ann.prove()
    assert ann.change().status == 204

    assert auth.sign_in().status == 401
    assert auth.sign_in(password=NEW).status == 200
    assert auth.refresh(other["refresh_token"]).status == 401
    assert auth.refresh(ann.tokens["refresh_token"]).status == 200


def test_the_owner_is_told(auth, cloud, ann):
    ann.prove()
    ann.change()
    cloud.drain()
    [changed] = cloud.published(PasswordChanged)
    assert changed.customer_id == ann.tokens["customer_id"]
    assert any("Пароль" in letter.subject for letter in cloud.letters)


def test_the_same_again_changes_nothing_and_is_told_once(auth, cloud, ann):
    ann.prove()
    assert [ann.change().status for _ in range(2)] == [204, 204]
    cloud.drain()
    assert len(cloud.published(PasswordChanged)) == 1


@pytest.mark.case("A4")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("password1", "password_common"),
        ("PassWord1", "password_common"),
        ("p a s s w o r d 1", "password_common"),
        ("Kabinet 2026", "password_guessable"),
        ("ann@example.com", "password_guessable"),
        ("1234567", "password_too_short"),
    ],
)
def test_a_password_that_is_tried_first_is_refused_with_its_reason(auth, ann, password, code):
    ann.prove()
    for answer in (ann.change(password), auth.register(password=password, accept="en")):
        assert answer.status == 422
        assert [error["code"] for error in answer.body["errors"]] == [code]
        assert answer.body["errors"][0]["message"]


@pytest.mark.case("A7", "A6")
def test_odd_and_long_passwords_are_taken(auth, ann):
    for password in ("\u0000" * 8, "x" * 128, "😀" * 8):
        ann.prove()
        assert ann.change(password).status == 204
        assert auth.sign_in(password=password).status == 200
    assert ann.change("x" * 129).status == 422


def test_it_takes_two_round_trips(cloud, ann):
    ann.prove()
    with cloud.counted() as calls:
        ann.change()
    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


class TestASignInWhileThePasswordIsChanged:
    @pytest.fixture
    def race(self, at_once, auth, ann):
        ann.prove()

        def check(answers):
            signed_in, changed = answers
            assert changed.status == 204
            if signed_in.status == 200:
                assert auth.refresh(signed_in.body["refresh_token"]).status == 401
            else:
                assert kind(signed_in) == (401, "wrong_credentials")

        return at_once(auth.sign_in, ann.change, check=check)

    @pytest.mark.case("S6")
    def test_by_the_old_one_opens_nothing_that_lasts(self, race):
        race.sample(8)

    def test_lasts_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")


class TestTwoRegistrationsOfOnePhone:
    @pytest.fixture
    def race(self, at_once, auth, cloud):
        phone = "+79991234567"
        both = [auth.register_phone(phone).body["registration_id"] for _ in range(2)]
        for id_ in both:
            auth.deliver(id_)

        def check(answers):
            assert sorted(map(kind, answers)) == [(201, ""), (409, "contact_taken")]
            assert sum(row["sk"] == "ACCOUNT" for row in cloud.items("AuthTable")) == 1

        return at_once(*[partial(auth.confirm, id_, auth.code(id_)) for id_ in both], check=check)

    @pytest.mark.case("O12")
    def test_make_one_account(self, race):
        race.every()

    def test_make_two_when_the_claim_is_looked_at_first(self, race):
        race.catches("LOGIN#")


class TestOneCodeToSignIn:
    @pytest.fixture
    def race(self, at_once, auth, cloud):
        auth.customer()
        id_ = auth.code_asked(auth.email)

        def check(answers):
            assert sorted(map(kind, answers)) == [(200, ""), (404, "challenge_over")]
            assert sum(row["sk"] == "SESSION" for row in cloud.items("AuthTable")) == 2

        return at_once(*[partial(auth.confirm_code, id_, auth.code(id_))] * 2, check=check)

    @pytest.mark.case("A13")
    def test_used_twice_at_once_begins_one_session(self, race):
        race.sample(8)

    def test_begins_two_when_it_is_looked_at_first(self, race):
        race.catches("CHALLENGE#", "CUSTOMER#")
