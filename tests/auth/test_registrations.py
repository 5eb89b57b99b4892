"""Asking for an account: the same for every address, and no account comes of it alone."""

import json

import pytest

from auth.registration.app import REGISTRATIONS
from common import pepper
from common.events.auth import CodeRequested, RegistrationRepeated


def shape(answer):
    """An answer without what is random in it."""
    return answer.status, sorted(answer.body), sorted(answer.headers)


def test_one_contact_and_one_secret_are_enough(auth):
    answer = auth.register()
    assert answer.status == 202
    assert answer.body["expires_in"] == 1800
    assert set(answer.body) == {"registration_id", "expires_in"}


@pytest.mark.case("A1", "A2")
def test_a_taken_address_is_answered_like_a_free_one(auth, cloud):
    auth.customer()
    with cloud.counted() as for_taken:
        taken = auth.register()
    with cloud.counted() as for_free:
        free = auth.register("free@example.com")

    assert shape(taken) == shape(free)
    assert for_taken.names == for_free.names
    assert len(for_taken[-1].arguments["TransactItems"]) == 2


@pytest.mark.case("A1")
def test_both_cost_one_hash(auth, hashes):
    auth.customer()
    hashes.clear()
    auth.register()
    auth.register("free@example.com")
    assert hashes == ["hash", "hash"]


@pytest.mark.case("A1")
def test_a_wrong_code_is_answered_alike_for_a_taken_and_a_free_address(auth):
    auth.customer()
    taken, free = auth.registration(), auth.registration("free@example.com")
    wrong = "000000" if auth.code(free) != "000000" else "000001"
    for _ in range(6):
        one, other = auth.confirm(taken, wrong), auth.confirm(free, wrong)
        assert (one.status, one.body) == (other.status, other.body)


@pytest.mark.case("A1")
def test_a_code_is_refused_alike_before_and_after_the_letter_is_written(auth):
    early = auth.register().body["registration_id"]
    answer = auth.confirm(early, "000000")
    assert (answer.status, answer.body["attempts_left"]) == (422, 4)


@pytest.mark.case("A2")
def test_the_owner_of_a_taken_address_gets_a_notice_and_no_code(auth, cloud):
    customer = auth.customer()
    repeated = auth.registration()

    assert auth.code(repeated) is None
    cloud.drain()
    assert [e.customer_id for e in cloud.published(RegistrationRepeated)] == [
        customer["customer_id"]
    ]
    claims = [row for row in cloud.items("AuthTable") if row["sk"] == "LOGIN"]
    assert len(claims) == 1


@pytest.mark.case("A17")
def test_another_spelling_of_a_taken_address_is_taken(auth, cloud):
    auth.customer("user@example.com")
    auth.registration("USER@Example.COM")
    cloud.drain()
    assert len(cloud.published(RegistrationRepeated)) == 1
    assert len(cloud.published(CodeRequested)) == 1


def test_the_code_lies_nowhere_in_the_open(auth, cloud):
    code = auth.code(auth.registration())
    rows = json.dumps(cloud.items("AuthTable"), default=str)
    sent = "".join(event.model_dump_json() for event in cloud.published(CodeRequested))
    assert f'"{code}"' not in rows + sent
    assert "example.com" not in sent


def test_an_account_takes_more_than_asking(auth, cloud):
    auth.registration()
    assert auth.sign_in().status == 401
    assert not [row for row in cloud.items("AuthTable") if row["pk"].startswith("CUSTOMER#")]


@pytest.mark.case("A6")
@pytest.mark.parametrize(("length", "status"), [(129, 422), (200_000, 422), (1_000_000, 413)])
def test_too_long_a_password_is_never_hashed(auth, hashes, length, status):
    assert auth.register(password="x" * length).status == status
    assert auth.sign_in(password="x" * length).status == status
    assert hashes == []


@pytest.mark.case("A7")
@pytest.mark.parametrize("password", ["\u0000" * 8, "pass\u0000word", "x" * 73, "😀" * 8])
def test_odd_passwords_are_taken_and_sign_in(auth, password):
    auth.customer(password=password)
    assert auth.sign_in(password=password).status == 200
    assert auth.sign_in(password=password + "x").status == 401


@pytest.mark.case("A7")
def test_half_a_character_is_refused(auth, cloud):
    body = '{"email": "ann@example.com", "password": "\\ud800 is half a character"}'
    assert cloud.call("POST", "/v1/auth/registrations", body).status == 400


@pytest.mark.case("A5")
@pytest.mark.parametrize(
    ("language", "words"), [("ru", "лучше 15 и больше"), ("en", "15 or more are better")]
)
def test_a_short_password_is_refused_with_advice(auth, language, words):
    answer = auth.register(password="1234567", accept=language)
    assert answer.status == 422
    [error] = answer.body["errors"]
    assert (error["field"], error["code"]) == ("body.password", "password_too_short")
    assert words in error["message"]


@pytest.mark.parametrize("password", ["Kabinet2026", "ann-mary", "ANN-MARY@example.com"])
def test_a_guessable_password_is_refused_with_its_reason(auth, password):
    answer = auth.register("ann-mary@example.com", password, accept="en")
    assert answer.status == 422
    assert answer.body["errors"][0]["code"] == "password_guessable"
    assert "easy to guess" in answer.body["errors"][0]["message"]


@pytest.mark.case("V10")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": "nobody"}, "email"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone"),
        ({"time_zone": "../../etc/passwd"}, "unknown_time_zone"),
        ({"time_zone": "Europe"}, "unknown_time_zone"),
        ({"time_zone": "x" * 5000}, "unknown_time_zone"),
        ({"time_zone": ""}, "unknown_time_zone"),
        ({"language": "de"}, "enum"),
        ({"role": "owner"}, "extra_forbidden"),
    ],
)
def test_unknown_values_are_refused(auth, fields, code):
    answer = auth.register(**fields)
    assert answer.status == 422
    assert [error["code"] for error in answer.body["errors"]] == [code]


def test_language_and_time_zone_have_defaults(auth, cloud):
    auth.register(accept="en-GB,en;q=0.9")
    [row] = [row for row in cloud.items("AuthTable") if row["sk"] == "CHALLENGE"]
    assert (row["language"], row["about"]["time_zone"]) == ("en", "Europe/Moscow")


@pytest.mark.case("I4")
class TestIdempotencyKey:
    """The effect's own row is the record: its id follows from the key and the address."""

    KEY = "key-00000001"

    @pytest.mark.case("I5")
    def test_a_repeated_call_is_the_same_registration(self, auth, cloud):
        first, again = auth.register(key=self.KEY), auth.register(key=self.KEY)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["idempotent-replayed"] == "true"
        assert "idempotent-replayed" not in first.headers
        cloud.drain()
        assert len(cloud.published(CodeRequested)) == 1

    def test_a_repeated_call_costs_what_the_first_did(self, auth, cloud, hashes):
        auth.register(key=self.KEY)
        auth.register(key=self.KEY)
        assert hashes == ["hash", "hash"]

    @pytest.mark.parametrize(
        "other", [{"password": "another password"}, {"time_zone": "Asia/Omsk"}]
    )
    def test_another_body_is_refused(self, auth, other):
        auth.register(key=self.KEY)
        answer = auth.register(key=self.KEY, **other)
        assert answer.status == 422
        assert answer.body["type"].endswith("idempotency_key_reused")

    def test_another_address_is_another_registration(self, auth):
        one = auth.register(key=self.KEY)
        other = auth.register("free@example.com", key=self.KEY)
        assert other.status == 202
        assert one.body["registration_id"] != other.body["registration_id"]

    def test_a_key_is_free_again_after_a_day(self, auth, cloud):
        auth.register(key=self.KEY)
        cloud.clock.advance(hours=24)
        answer = auth.register(key=self.KEY, password="another password")
        assert answer.status == 202
        assert "idempotent-replayed" not in answer.headers

    def test_nobody_without_the_pepper_can_foresee_the_id(self, auth, monkeypatch):
        one = auth.register(key=self.KEY).body["registration_id"]
        monkeypatch.setattr(pepper, "secret", lambda _: b"another pepper")
        assert auth.register(key=self.KEY).body["registration_id"] != one


def test_it_takes_one_round_trip(auth, cloud):
    with cloud.counted() as calls:
        auth.register()
    assert calls.trips == ["dynamodb.TransactWriteItems"]


@pytest.mark.case("A19")
def test_registrations_are_limited_by_where_they_come_from(auth):
    auth.spend(REGISTRATIONS, "203.0.113.7", leave=1)
    path, body = "/v1/auth/registrations", {"email": "one@example.com", "password": auth.password}
    answers = [
        auth.post(path, body, headers={"x-forwarded-for": ip}) for ip in ("1.1.1.1", "2.2.2.2")
    ]
    assert [answer.status for answer in answers] == [202, 429]
    assert 0 < int(answers[1].headers["retry-after"]) <= 3600
    assert auth.post(path, body, ip="203.0.113.8").status == 202
