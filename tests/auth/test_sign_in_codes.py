"""Signing in by a code: the same for every login, once, for its own challenge and purpose only."""

import json
from dataclasses import replace

import pytest

from auth import store
from auth.challenge.challenge import MOST_ATTEMPTS
from auth.challenge.proof import GUESSES
from auth.consumer import LETTERS, PAID_AT_BLOCK
from common import pepper
from common.events.auth import CodeRequested

PHONE, OTHER_PHONE = "+79991234567", "+79161234567"
CODES = "/v1/auth/sign-in/codes"


def kind(answer):
    return answer.status, answer.body.get("type", "").removeprefix("urn:kabinet:problem:")


def wrong(code):
    return "000000" if code != "000000" else "000001"


@pytest.fixture
def phil(auth):
    return auth.customer_by_phone(PHONE)


@pytest.fixture
def asked(auth, phil):
    """A challenge's id and its code."""
    id_ = auth.code_asked(PHONE)
    return id_, auth.code(id_)


@pytest.mark.feature(4)
def test_a_phone_registers_by_its_code_alone(auth, cloud, phil):
    assert cloud.call("GET", "/v1/loyalty", token=phil["access_token"]).status == 200
    [profile] = [row for row in cloud.items("AuthTable") if row["sk"] == "PROFILE"]
    assert profile["phone"] == PHONE
    assert "email" not in profile


@pytest.mark.feature(4)
def test_a_phone_signs_in_by_a_code(auth, phil, asked):
    answer = auth.confirm_code(*asked)
    assert answer.status == 200
    assert answer.body["customer_id"] == phil["customer_id"]


@pytest.mark.feature(4)
def test_a_phone_signs_in_by_its_password_however_it_is_typed(auth):
    auth.customer_by_phone(PHONE, auth.password)
    assert auth.sign_in("8 (999) 123-45-67").status == 200


def test_a_phone_without_a_password_signs_in_by_none(auth, phil):
    for password in ("", "x", auth.password):
        assert kind(auth.sign_in(PHONE, password)) == (401, "wrong_credentials")


def test_an_address_signs_in_by_a_code_too(auth):
    ann = auth.customer()
    id_ = auth.code_asked(auth.email)
    assert auth.confirm_code(id_, auth.code(id_)).body["customer_id"] == ann["customer_id"]


@pytest.mark.parametrize("fields", [{}, {"email": "a@example.com", "phone": PHONE}])
def test_a_registration_has_exactly_one_contact(auth, cloud, fields):
    body = fields | {"password": auth.password}
    answer = cloud.call("POST", "/v1/auth/registrations", body)
    assert [error["code"] for error in answer.body["errors"]] == ["one_contact"]


def test_a_registration_by_address_needs_a_password(auth, cloud):
    answer = cloud.call("POST", "/v1/auth/registrations", {"email": auth.email})
    [error] = answer.body["errors"]
    assert (error["field"], error["code"]) == ("body.password", "missing")


@pytest.mark.case("N10", "F11")
@pytest.mark.parametrize(
    ("phone", "code"),
    [
        ("8 (999) 123-45-67 ext. 5", "phone"),
        ("٨٩٩٩١٢٣٤٥٦٧", "phone"),
        ("+88 999 1234567", "phone"),
        ("12345", "phone"),
        ("+1 900 234 5678", "phone_not_served"),
        ("+7 800 123-45-67", "phone_not_served"),
        ("+49 171 1234567", "phone_not_served"),
    ],
)
def test_numbers_that_are_none_or_not_served_are_refused(auth, phone, code):
    for answer in (auth.register_phone(phone), auth.ask_code(phone)):
        assert answer.status == 422
        assert answer.body["errors"][0]["code"] in (code, "login")


@pytest.mark.case("N10", "O12")
def test_two_spellings_of_a_number_are_one_account(auth, phil):
    again = auth.register_phone("8 (999) 123-45-67").body["registration_id"]
    auth.deliver(again)
    assert auth.code(again) is None


@pytest.mark.case("A1")
class TestEnumeration:
    def test_an_unknown_login_is_answered_like_a_known_one(self, auth, cloud, phil):
        with cloud.counted() as for_known:
            known = auth.ask_code(PHONE)
        with cloud.counted() as for_unknown:
            unknown = auth.ask_code(OTHER_PHONE)
        assert (known.status, sorted(known.body)) == (unknown.status, sorted(unknown.body))
        assert known.status == 202
        assert for_known.names == for_unknown.names
        sent = [call.arguments["TransactItems"] for call in (for_known[-1], for_unknown[-1])]
        assert [len(items) for items in sent] == [2, 2]

    def test_a_wrong_code_is_answered_alike(self, auth, phil, asked):
        unknown = auth.code_asked(OTHER_PHONE)
        assert auth.code(unknown) is None
        for _ in range(MOST_ATTEMPTS + 1):
            one, other = (auth.confirm_code(id_, wrong(asked[1])) for id_ in (asked[0], unknown))
            assert (one.status, one.body) == (other.status, other.body)

    def test_staff_get_no_code(self, auth):
        auth.hire("agent@example.com")
        assert auth.code(auth.code_asked("agent@example.com")) is None


def test_it_takes_one_round_trip_to_ask_and_three_to_confirm(auth, cloud, asked):
    with cloud.counted() as calls:
        auth.ask_code(PHONE)
    assert calls.trips == ["dynamodb.TransactWriteItems"]
    with cloud.counted() as calls:
        auth.confirm_code(*asked)
    trips = ["dynamodb.UpdateItem", "dynamodb.GetItem", "dynamodb.TransactWriteItems"]
    assert calls.trips == trips


@pytest.mark.case("A13")
def test_a_code_works_once(auth, asked):
    assert auth.confirm_code(*asked).status == 200
    assert kind(auth.confirm_code(*asked)) == (404, "challenge_over")


@pytest.mark.case("F6")
def test_a_late_code_is_refused_though_its_row_still_stands(auth, cloud, asked):
    cloud.clock.advance(minutes=10)
    assert kind(auth.confirm_code(*asked)) == (404, "challenge_over")


@pytest.mark.case("F5")
class TestACodeOfAnother:
    @pytest.fixture(autouse=True)
    def same_codes(self, monkeypatch):
        """So that nothing but what it is bound to keeps a code from working."""
        monkeypatch.setattr("secrets.randbelow", lambda _: 7)

    def test_challenge_is_kept_as_another_hash(self, auth, cloud, phil):
        for _ in range(2):
            auth.code_asked(PHONE)
        rows = [row for row in cloud.items("AuthTable") if row["sk"] == "CHALLENGE"]
        assert len({row["code_hash"] for row in rows}) == len(rows) == 3

    def test_purpose_opens_nothing(self, auth, phil):
        registration, sign_in = auth.registration(), auth.code_asked(PHONE)
        assert kind(auth.confirm(sign_in, "000007")) == (404, "challenge_over")
        assert kind(auth.confirm_code(registration, "000007")) == (404, "challenge_over")
        assert auth.confirm_code(sign_in, "000007").status == 200

    def test_purpose_costs_no_attempt(self, auth, cloud, phil):
        registration = auth.registration()
        auth.confirm_code(registration, "000008")
        rows = {row["pk"]: row for row in cloud.items("AuthTable")}
        assert rows[f"CHALLENGE#{registration}"]["attempts"] == 0


@pytest.mark.case("F4")
def test_guesses_are_bounded_over_all_challenges_of_an_account(auth, cloud, phil):
    cloud.clock.advance(days=1)
    strangers = auth.code_asked(PHONE, ip="198.51.100.1")
    auth.spend(GUESSES, PHONE)
    answer = auth.confirm_code(strangers, auth.code(strangers), ip="198.51.100.1")
    assert answer.status == 429


@pytest.mark.case("A9")
def test_strangers_use_up_neither_the_owners_codes_nor_their_guesses(auth, cloud, phil):
    cloud.clock.advance(days=1)
    for _ in range(LETTERS.allowed):
        auth.code_asked(PHONE, ip="198.51.100.1")
    auth.spend(GUESSES, PHONE)
    assert auth.code(auth.code_asked(PHONE, ip="198.51.100.1")) is None

    mine = auth.code_asked(PHONE)
    assert auth.confirm_code(mine, auth.code(mine)).status == 200


def test_a_login_that_is_another_account_by_now_is_not_signed_in(auth, cloud, asked):

    with cloud.acting("AuthApi"):
        phil = store.account_by_login(PHONE)
        store.change_account(phil, replace(phil, logins=(OTHER_PHONE,)))
        store.add_account(replace(phil, id="another", sessions=()))
    assert kind(auth.confirm_code(*asked)) == (404, "challenge_over")


def test_who_has_a_second_factor_shows_it_after_the_code_too(
    auth, cloud, phil, asked, authenticate
):
    current = authenticate(PHONE)
    answer = auth.confirm_code(*asked)
    assert kind(answer) == (401, "second_factor_required")
    step = answer.body["second_step_id"]
    assert auth.confirm_step(step, totp_code=current()).status == 200
    [session] = [row for row in cloud.items("AuthTable") if row.get("acr") == "aal2"]
    assert session["amr"] == ["sms", "otp", "mfa"]


def test_the_second_factor_may_be_shown_with_the_code(auth, phil, asked, authenticate):
    current = authenticate(PHONE)
    assert auth.confirm_code(*asked, totp_code=current()).status == 200


@pytest.mark.case("F10")
class TestAFactorThatIsTheFirstProofAgain:
    @pytest.fixture
    def session(self, cloud):
        """The session begun last."""
        return lambda: [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"][-1]

    @pytest.mark.parametrize("kind_", ["sms", "voice"])
    def test_is_no_second_one(self, auth, phil, asked, reach, session, kind_):
        reach(PHONE, kind_, to=PHONE)
        assert auth.confirm_code(*asked).status == 200
        assert (session()["acr"], session()["amr"]) == ("aal1", ["sms"])

    def test_leaves_the_others_to_be_asked_for(self, auth, phil, asked, reach, session):
        reach(PHONE, "sms", to=PHONE)
        reach(PHONE, "voice", to=OTHER_PHONE)
        answer = auth.confirm_code(*asked)
        assert kind(answer) == (401, "second_factor_required")
        assert [method["kind"] for method in answer.body["methods"]] == ["voice"]
        step = answer.body["second_step_id"]
        assert kind(auth.send_second_code(step, "sms")) == (422, "method_not_offered")
        assert auth.confirm_step(step, code=auth.second_code(step, "voice")).status == 200
        assert (session()["acr"], session()["amr"]) == ("aal2", ["sms", "tel", "mfa"])

    def test_is_one_after_another_proof(self, auth, reach, session):
        auth.customer_by_phone(PHONE, auth.password)
        reach(PHONE, "sms", to=PHONE)
        step = auth.second_step(PHONE)
        assert auth.confirm_step(step, code=auth.second_code(step, "sms")).status == 200
        assert (session()["acr"], session()["amr"]) == ("aal2", ["pwd", "sms", "mfa"])

    def test_costs_no_recovery_code_in_its_place(self, auth, cloud, phil, asked, reach, session):
        reach(PHONE, "sms", to=PHONE)
        with cloud.acting("AuthApi"):
            account = store.account_by_login(PHONE)
            store.change_account(account, replace(account, recovery_codes=("kept",)))
        assert auth.confirm_code(*asked).status == 200
        assert session()["acr"] == "aal1"


@pytest.mark.case("F10")
def test_a_code_that_led_to_the_second_step_is_used_up(auth, phil, asked, authenticate):
    current = authenticate(PHONE)
    auth.confirm_code(*asked)
    assert kind(auth.confirm_code(*asked, totp_code=current())) == (404, "challenge_over")


@pytest.mark.case("I5")
def test_a_repeated_call_is_the_same_challenge(auth, cloud, phil):
    body = {"login": PHONE}
    first, again = (cloud.call("POST", CODES, body, key="key-00000001") for _ in range(2))
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.case("F11")
class TestPumping:
    """Those who earn by SMS that a shop sends ask for many: they get few."""

    @staticmethod
    def number(n):
        return f"+7999123{n:04}"

    def ask(self, auth, count, start=0):
        """How many of *count* registrations of neighbouring numbers got an SMS."""
        asked = [
            auth.register_phone(self.number(n), ip=f"192.0.2.{n % 250}").body["registration_id"]
            for n in range(start, start + count)
        ]
        for id_ in asked:
            auth.deliver(id_)
        return sum(auth.code(id_) is not None for id_ in asked)

    def test_a_block_of_numbers_gets_few(self, auth):
        assert self.ask(auth, PAID_AT_BLOCK.allowed + 5) == PAID_AT_BLOCK.allowed

    def test_the_shop_spends_its_budget_and_no_more_and_letters_go_on(
        self, auth, cloud, monkeypatch
    ):
        environment = cloud.wiring.functions["AuthConsumer"].environment
        monkeypatch.setitem(environment, "PAID_CODES_HOURLY", "3")
        assert self.ask(auth, 5) == 3
        assert auth.code(auth.registration()) is not None

        cloud.clock.advance(hours=1)
        assert self.ask(auth, 1, start=100) == 1

    def test_a_network_asks_no_more_than_so_often(self, auth):
        answers = [auth.register_phone(self.number(n)) for n in range(31)]
        assert [answer.status for answer in answers] == [202] * 30 + [429]


@pytest.mark.case("F13")
def test_the_code_and_the_number_lie_nowhere_in_the_open(auth, cloud, asked):
    rows = json.dumps([row for row in cloud.items("AuthTable") if "CHALLENGE" not in row["sk"]])
    sent = "".join(event.model_dump_json() for event in auth.queued(CodeRequested, asked[0]))
    assert f'"{asked[1]}"' not in rows + sent
    assert PHONE not in sent


def test_a_code_is_hashed_for_its_challenge_and_purpose(cloud):
    from auth.challenge import codes

    with cloud.acting("AuthApi"):
        kept = codes.hashed("sign_in", "a", "123456")
        assert codes.matches(kept, "sign_in", "a", "123456")
        assert not codes.matches(kept, "sign_in", "b", "123456")
        assert not codes.matches(kept, "step_up", "a", "123456")
        assert kept != pepper.mac("code", "sign_in", "123456").hex()
