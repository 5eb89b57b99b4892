"""A fresh proof: for its own act, session and time; by a second factor where there is one."""

import pytest

from auth import store
from auth.challenge.challenge import MOST_ATTEMPTS
from auth.challenge.proof import GUESSES
from common import access, clock, table
from common.access import Act

PHONE = "+79991234567"


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


class Visitor:
    """Somebody signed in, who is asked to prove it anew."""

    def __init__(self, auth, tokens):
        self.auth = auth
        self.cloud = auth.cloud
        self.token = tokens["access_token"]
        self.session_id = tokens["refresh_token"].partition(".")[0]

    def begin(self, act="money", *, key="key-00000001", **fields):
        body = {"act": act, **fields}
        return self.cloud.call("POST", "/v1/auth/step-ups", body, token=self.token, key=key)

    def prove(self, id_, **shown):
        path = f"/v1/auth/step-ups/{id_}/proof"
        return self.cloud.call("POST", path, shown, token=self.token)

    def has_proven(self, act):
        with self.cloud.acting("AuthApi"):
            row = table.get(f"SESSION#{self.session_id}", "SESSION")
        try:
            access.require_proof(row, act, clock.now())
        except access.StepUpRequired:
            return False
        return True


@pytest.fixture
def ann(auth):
    """She has signed in: who has just registered has proven something already."""
    auth.customer()
    return Visitor(auth, auth.sign_in().body)


@pytest.mark.feature(13)
def test_the_password_proves_the_act_that_was_asked_for_and_no_other(auth, ann):
    begun = ann.begin("money")
    assert begun.status == 201
    assert begun.body["offers"] == [
        {"kind": "password", "to": None},
        {"kind": "email", "to": "a***@example.com"},
    ]
    assert ann.prove(begun.body["id"], password=auth.password).status == 204
    assert [act for act in Act if ann.has_proven(act)] == [Act.MONEY]


@pytest.mark.case("S12")
class TestBound:
    def test_to_its_session(self, auth, ann):
        elsewhere = Visitor(auth, auth.sign_in().body)
        id_ = ann.begin().body["id"]
        assert kind(elsewhere.prove(id_, password=auth.password)) == (404, "challenge_over")
        ann.prove(id_, password=auth.password)
        assert not elsewhere.has_proven(Act.MONEY)

    def test_to_its_time(self, auth, cloud, ann):
        ann.prove(ann.begin().body["id"], password=auth.password)
        cloud.clock.advance(seconds=access.PROOF_LIFETIME_SECONDS)
        assert not ann.has_proven(Act.MONEY)

    def test_to_the_time_in_which_it_may_be_proven(self, auth, cloud, ann):
        id_ = ann.begin().body["id"]
        cloud.clock.advance(minutes=10)
        late = Visitor(auth, auth.sign_in().body)
        late.session_id = ann.session_id
        assert kind(ann.prove(id_, password=auth.password))[0] == 401  # the token is over too
        assert not late.has_proven(Act.MONEY)

    def test_to_a_session_that_lives(self, auth, ann):
        id_ = ann.begin().body["id"]
        auth.sign_out(ann.token)
        assert ann.prove(id_, password=auth.password).status == 401
        assert not_proven(ann)

    def test_once(self, auth, cloud, ann):
        """Proving again is answered alike, since an answer may be lost, and prolongs nothing."""
        id_ = ann.begin().body["id"]
        ann.prove(id_, password=auth.password)
        cloud.clock.advance(seconds=200)
        assert ann.prove(id_, password=auth.password).status == 204
        cloud.clock.advance(seconds=100)
        assert not ann.has_proven(Act.MONEY)

    def test_to_the_purpose_of_its_code(self, auth, ann, monkeypatch):
        monkeypatch.setattr("secrets.randbelow", lambda _: 7)
        sign_in = auth.code_asked(auth.email)
        assert kind(ann.prove(sign_in, code="000007")) == (404, "challenge_over")
        step_up = auth.deliver(ann.begin(channel="email").body["id"])
        assert kind(auth.confirm_code(step_up, "000007")) == (404, "challenge_over")


def not_proven(visitor):
    with visitor.cloud.acting("AuthApi"):
        return not table.get(f"SESSION#{visitor.session_id}", "SESSION")["proofs"]


def test_a_code_to_a_proven_contact_proves_it(auth, ann):
    id_ = auth.deliver(ann.begin("contact", channel="email").body["id"])
    assert ann.prove(id_, code=auth.code(id_)).status == 204
    assert ann.has_proven(Act.CONTACT)


@pytest.mark.case("F4")
def test_a_wrong_proof_counts_and_five_are_all(auth, ann):
    id_ = ann.begin().body["id"]
    for left in range(MOST_ATTEMPTS - 1, -1, -1):
        answer = ann.prove(id_, password="not the password")
        assert (*kind(answer), answer.body["attempts_left"]) == (422, "wrong_proof", left)
    assert kind(ann.prove(id_, password=auth.password)) == (409, "attempts_used_up")


@pytest.mark.case("F4")
def test_guesses_are_bounded_over_all_step_ups_of_an_account(auth, cloud, ann):
    with cloud.acting("AuthApi"):
        subject = store.account_by_login(auth.email).id
    auth.spend(GUESSES, subject)
    assert ann.prove(ann.begin().body["id"], password=auth.password).status == 429


class TestWithASecondFactor:
    @pytest.fixture
    def current(self, auth, ann, authenticate):
        return authenticate(auth.email)

    def test_the_second_factor_proves_it(self, ann, current):
        begun = ann.begin().body
        assert begun["offers"] == [{"kind": "totp", "to": None}]
        assert ann.prove(begun["id"], code=current()).status == 204
        assert ann.has_proven(Act.MONEY)

    def test_the_password_alone_proves_nothing(self, auth, ann, current):
        answer = ann.prove(ann.begin().body["id"], password=auth.password)
        assert kind(answer) == (422, "proof_not_offered")
        assert kind(ann.begin(key="key-00000002", channel="email")) == (422, "proof_not_offered")
        assert not ann.has_proven(Act.MONEY)

    @pytest.mark.case("F2")
    def test_a_code_works_once(self, ann, current):
        code = current()
        ann.prove(ann.begin().body["id"], code=code)
        again = ann.begin("contact", key="key-00000002").body["id"]
        assert kind(ann.prove(again, code=code)) == (422, "wrong_proof")
        assert not ann.has_proven(Act.CONTACT)


def test_who_has_no_password_proves_by_a_code_only(auth):
    phil = Visitor(auth, auth.customer_by_phone(PHONE))
    begun = phil.begin().body
    assert begun["offers"] == [{"kind": "sms", "to": "+7***67"}]
    for password in ("", "x"):
        assert phil.prove(begun["id"], password=password).status == 422


def test_a_repeated_call_is_the_same_step_up(auth, ann):
    first, again = ann.begin(), ann.begin()
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"
    assert kind(ann.begin("contact")) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("shown", [{}, {"password": "x", "code": "123456"}, {"code": 123456}])
def test_it_is_proven_by_one_thing(ann, shown):
    assert ann.prove(ann.begin().body["id"], **shown).status == 422


class TestTwoProofsAtOnce:
    @pytest.fixture
    def race(self, at_once, auth, ann, authenticate):
        from functools import partial

        current = authenticate(auth.email)
        ids = [ann.begin(act, key=f"key-of-{act}").body["id"] for act in ("money", "contact")]
        code = current()

        def check(answers):
            assert sorted(map(kind, answers)) == [(204, ""), (422, "wrong_proof")]

        return at_once(*[partial(ann.prove, id_, code=code) for id_ in ids], check=check)

    @pytest.mark.case("F2", "A13")
    def test_by_one_code_prove_one_act(self, race):
        race.sample(6)

    def test_prove_both_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
