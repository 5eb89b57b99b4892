"""Back into an account by a code: for its owner, once, and nobody else stays in."""

from dataclasses import replace
from functools import partial

import pytest

from auth import store
from auth.account import Identity, Passkey
from auth.consumer import LETTERS
from common import clock
from common.events.auth import CodeRequested
from common.events.sign_in import AccountRecovered

NEW = "another happy walk"
PHONE = "+79991234567"


def kind(answer):
    body = answer.body or {}
    return answer.status, body.get("type", "").removeprefix("urn:kabinet:problem:")


@pytest.fixture
def ask(auth):
    return lambda login=auth.email, **more: auth.post(
        "/v1/auth/recoveries", {"login": login}, **more
    )


@pytest.fixture
def asked(auth, ask):
    """The id of a recovery whose letter has been chosen, and its code."""

    def sent(login=auth.email):
        id_ = auth.deliver(ask(login).body["recovery_id"])
        return id_, auth.code(id_)

    return sent


@pytest.fixture
def recover(auth):
    def confirm(id_, code, password=NEW):
        body = {"code": code, "new_password": password}
        return auth.cloud.call("POST", f"/v1/auth/recoveries/{id_}/confirm", body)

    return confirm


@pytest.fixture
def change(auth, cloud):
    """Changes the account of Ann's login, as another route would."""

    def changed(**fields):
        with cloud.acting("AuthApi"):
            account = store.account_by_login(auth.email)
            store.change_account(account, replace(account, **fields))

    return changed


@pytest.fixture
def account(auth, cloud):
    def read():
        with cloud.acting("AuthApi"):
            return store.account_by_login(auth.email)

    return read


@pytest.mark.feature(19)
@pytest.mark.case("O2")
def test_the_code_sets_a_password_and_ends_every_session(auth, cloud, asked, recover):
    stolen = auth.customer()
    answer = recover(*asked())
    assert answer.status == 204
    assert auth.refresh(stolen["refresh_token"]).status == 401
    listed = cloud.call("GET", "/v1/auth/sessions", token=stolen["access_token"])
    assert listed.status == 401
    assert kind(auth.sign_in()) == (401, "wrong_credentials")
    assert auth.sign_in(password=NEW).status == 200


@pytest.mark.feature(19)
def test_a_phone_recovers_too(auth, asked, recover):
    auth.customer_by_phone(PHONE)
    assert recover(*asked(PHONE)).status == 204
    assert auth.sign_in(PHONE, NEW).status == 200


@pytest.mark.case("A15", "F10")
def test_a_second_factor_is_still_asked_for_and_the_owner_is_told(
    auth, cloud, asked, recover, authenticate
):
    auth.customer()
    current = authenticate(auth.email)
    recover(*asked())
    assert kind(auth.sign_in(password=NEW)) == (401, "second_factor_required")
    assert auth.sign_in(password=NEW, totp_code=current()).status == 200
    cloud.drain()
    [told] = cloud.published(AccountRecovered)
    assert [
        x.subject for x in cloud.letters if "back in" in x.subject or "восстановлен" in x.subject
    ]
    assert told.customer_id


@pytest.mark.case("O3", "O4")
def test_nothing_stays_by_which_a_stranger_could_come_back(auth, asked, recover, change, account):
    auth.customer()
    at = clock.now()
    change(
        identities=(Identity("https://idp.example", "7", "google", at),),
        passkeys=(Passkey("one", "a2V5", "a2V5", 0, "Phone", at),),
    )
    recover(*asked())
    found = account()
    assert (found.identities, found.passkeys, found.sessions) == ((), (), ())


@pytest.mark.case("A3")
def test_it_is_answered_alike_whoever_the_login_belongs_to(auth, cloud, ask):
    auth.customer()
    agent = auth.hire()["login"]
    for login in ("nobody@example.com", agent, auth.email):
        answers = [ask(login) for _ in range(5)]
        assert {answer.status for answer in answers} == {202}
        assert {tuple(sorted(answer.body)) for answer in answers} == {("expires_in", "recovery_id")}
    before = len(cloud.published(CodeRequested))
    cloud.drain()
    sent = [e for e in cloud.published(CodeRequested)[before:] if e.purpose == "recovery"]
    assert len(sent) == LETTERS.allowed
    assert {x.to for x in cloud.letters} == {auth.email}


@pytest.mark.case("A3")
def test_asking_is_the_same_work_whoever_the_login_belongs_to(auth, cloud, ask, hashes):
    auth.customer()
    hashes.clear()

    def written(login):
        before = {(row["pk"].partition("#")[0]) for row in cloud.items("AuthTable")}
        count = len(cloud.items("AuthTable"))
        ask(login)
        return len(cloud.items("AuthTable")) - count, before

    written("someone@example.com")  # makes the counter of the network
    assert written("nobody@example.com")[0] == written(auth.email)[0]
    assert hashes == []


@pytest.mark.case("A9")
def test_strangers_cannot_use_up_the_letters_of_an_owner_at_home(auth, ask):
    auth.customer()
    for _ in range(LETTERS.allowed + 1):
        stranger = auth.deliver(ask(ip="198.51.100.9").body["recovery_id"])
    assert auth.code(stranger) is None
    own = auth.deliver(ask().body["recovery_id"])
    assert auth.code(own) is not None


class TestACode:
    @pytest.mark.case("A13", "A14")
    def test_works_once(self, auth, asked, recover):
        auth.customer()
        sent = asked()
        assert recover(*sent).status == 204
        assert kind(recover(*sent)) == (404, "challenge_over")

    @pytest.mark.case("A14")
    def test_dies_when_another_is_used(self, auth, asked, recover):
        auth.customer()
        older, newer = asked(), asked()
        assert recover(*newer).status == 204
        assert kind(recover(*older, "one more happy walk")) == (404, "challenge_over")
        assert auth.sign_in(password=NEW).status == 200

    @pytest.mark.case("A14")
    def test_dies_when_the_address_changes(self, auth, asked, recover, change):
        auth.customer()
        sent = asked(), asked()
        change(logins=("new@example.com",))
        assert [kind(recover(*one)) for one in sent] == [(404, "challenge_over")] * 2

    @pytest.mark.case("A14")
    def test_dies_when_the_address_is_another_accounts(self, auth, cloud, asked, recover, change):
        auth.customer()
        sent = asked()
        change(logins=("new@example.com",))
        auth.customer()
        assert kind(recover(*sent)) == (404, "challenge_over")

    @pytest.mark.case("F5")
    def test_of_a_sign_in_recovers_nothing_and_the_other_way_round(self, auth, asked, recover):
        auth.customer()
        sign_in = auth.code_asked(auth.email)
        assert kind(recover(sign_in, auth.code(sign_in))) == (404, "challenge_over")
        assert kind(auth.confirm_code(*asked())) == (404, "challenge_over")

    @pytest.mark.case("F6")
    def test_dies_of_age_although_its_row_is_there(self, auth, cloud, asked, recover):
        auth.customer()
        sent = asked()
        cloud.clock.advance(minutes=10)
        assert kind(recover(*sent)) == (404, "challenge_over")

    def test_is_still_good_after_a_password_that_is_refused(self, auth, asked, recover):
        auth.customer()
        sent = asked()
        assert kind(recover(*sent, "ann@example.com")) == (422, "invalid")
        assert recover(*sent).status == 204

    def test_lies_nowhere_in_the_open(self, auth, cloud, asked):
        auth.customer()
        _, code = asked()
        assert code not in str(
            [row for row in cloud.items("AuthTable") if "CHALLENGE" in row["pk"]]
        )


class TestTwoCodes:
    @pytest.fixture
    def race(self, at_once, auth, asked, recover):
        auth.sign_out(auth.customer()["access_token"])  # no session guards it too
        sent = asked()

        def check(answers):
            assert sorted(answer.status for answer in answers) == [204, 404]

        return at_once(partial(recover, *sent), partial(recover, *sent, NEW + "!"), check=check)

    @pytest.mark.case("A13")
    def test_one_used_twice_at_once_sets_one_password(self, race):
        race.sample(8)

    def test_two_are_set_when_it_is_looked_at_first(self, race):
        race.catches("CUSTOMER#", "CHALLENGE#")


class TestRecoveryAgainstASignInByTheOldPassword:
    @pytest.fixture
    def race(self, at_once, auth, asked, recover):
        auth.customer()
        sent = asked()

        def check(answers):
            recovered, signed_in = answers
            assert recovered.status == 204
            if signed_in.status == 200:
                assert auth.refresh(signed_in.body["refresh_token"]).status == 401
            else:
                assert kind(signed_in) == (401, "wrong_credentials")

        return at_once(partial(recover, *sent), auth.sign_in, check=check)

    @pytest.mark.case("O2")
    def test_nobody_stays_in(self, race):
        race.sample(8)

    def test_somebody_does_when_the_account_is_looked_at_first(self, race):
        race.catches("CUSTOMER#")
