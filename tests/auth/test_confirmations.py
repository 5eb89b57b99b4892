"""Proving an address: within thirty minutes, within five attempts, once."""

import pytest

from auth.challenge.challenge import MOST_ATTEMPTS
from common.events.auth import ContactChanged, CustomerRegistered


def wrong(code):
    return "000000" if code != "000000" else "000001"


def code_of(problem):
    return problem.body["type"].removeprefix("urn:kabinet:problem:")


@pytest.fixture
def asked(auth):
    """A registration's id and its code."""
    id_ = auth.registration()
    return id_, auth.code(id_)


@pytest.mark.feature(6)
def test_the_right_code_makes_a_customer_who_is_signed_in(auth, cloud, asked):
    answer = auth.confirm(*asked)
    assert answer.status == 201
    assert set(answer.body) == {
        "customer_id",
        "access_token",
        "refresh_token",
        "token_type",
        "expires_in",
    }
    assert cloud.call("GET", "/v1/loyalty", token=answer.body["access_token"]).status == 200


def test_the_rest_of_the_shop_learns_of_the_customer(auth, cloud):
    customer_id = auth.customer("Ann@Example.com")["customer_id"]
    cloud.drain()
    [registered] = cloud.published(CustomerRegistered)
    [contact] = cloud.published(ContactChanged)
    assert registered.customer_id == contact.customer_id == customer_id
    assert (contact.email, contact.language, contact.time_zone, contact.subject_version) == (
        "ann@example.com",
        "ru",
        "Europe/Moscow",
        1,
    )


def test_it_takes_two_round_trips(auth, cloud, asked):
    with cloud.counted() as calls:
        auth.confirm(*asked)
    assert calls.trips == ["dynamodb.UpdateItem", "dynamodb.TransactWriteItems"]


def test_a_wrong_code_says_how_many_attempts_are_left(auth, asked):
    id_, code = asked
    left = []
    for _ in range(MOST_ATTEMPTS):
        answer = auth.confirm(id_, wrong(code))
        assert (answer.status, code_of(answer)) == (422, "wrong_code")
        left.append(answer.body["attempts_left"])
    assert left == [4, 3, 2, 1, 0]


@pytest.mark.case("F4")
def test_after_five_attempts_the_right_code_is_refused_too(auth, asked):
    id_, code = asked
    for _ in range(MOST_ATTEMPTS):
        auth.confirm(id_, wrong(code))
    answer = auth.confirm(id_, code)
    assert (answer.status, code_of(answer)) == (409, "attempts_used_up")


def test_the_fifth_attempt_may_be_right(auth, asked):
    id_, code = asked
    for _ in range(MOST_ATTEMPTS - 1):
        auth.confirm(id_, wrong(code))
    assert auth.confirm(id_, code).status == 201


@pytest.mark.case("F6")
def test_a_late_code_is_refused_though_its_row_still_stands(auth, cloud, asked):
    cloud.clock.advance(minutes=30)
    assert [row for row in cloud.items("AuthTable") if row["sk"] == "CHALLENGE"]
    answer = auth.confirm(*asked)
    assert (answer.status, code_of(answer)) == (404, "challenge_over")


def test_a_code_works_until_its_last_moment(auth, cloud, asked):
    cloud.clock.advance(minutes=29)
    assert auth.confirm(*asked).status == 201


@pytest.mark.case("A13")
def test_a_code_works_once(auth, asked):
    assert auth.confirm(*asked).status == 201
    answer = auth.confirm(*asked)
    assert (answer.status, code_of(answer)) == (404, "challenge_over")


def test_unknown_late_and_used_registrations_look_alike(auth, cloud, asked):
    used = auth.registration("other@example.com")
    auth.confirm(used, auth.code(used))
    answers = [
        auth.confirm("01980000-0000-7000-8000-000000000000", "123456"),
        auth.confirm(used, "123456"),
    ]
    cloud.clock.advance(minutes=30)
    answers.append(auth.confirm(asked[0], "123456"))
    assert len({str(answer.body) for answer in answers}) == 1


@pytest.mark.case("A13", "F5")
def test_a_code_works_for_its_own_registration_only(auth, monkeypatch):
    one = auth.registration("one@example.com")
    code = auth.code(one)
    monkeypatch.setattr("secrets.randbelow", lambda _: int(wrong(code)))
    other = auth.registration("other@example.com")
    assert auth.confirm(other, code).status == 422


@pytest.mark.case("F5")
def test_what_is_kept_of_a_code_is_bound_to_its_registration(auth, cloud, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _: 7)
    auth.registration("one@example.com")
    auth.registration("other@example.com")
    rows = [row for row in cloud.items("AuthTable") if row["sk"] == "CHALLENGE"]
    assert len({row["code_hash"] for row in rows}) == 2


def test_a_strangers_registration_gives_them_nothing_when_the_owner_registers(auth):
    strangers = auth.registration(password="the stranger's")
    owners = auth.registration(password="the owner's own")
    auth.confirm(owners, auth.code(owners))

    assert auth.confirm(strangers, auth.code(strangers)).status == 409
    assert auth.sign_in(password="the stranger's").status == 401
    assert auth.sign_in(password="the owner's own").status == 200


def test_two_registrations_of_one_address_make_one_account(auth, cloud):
    one, other = auth.registration(), auth.registration()
    answers = [auth.confirm(id_, auth.code(id_)) for id_ in (one, other)]
    assert [answer.status for answer in answers] == [201, 409]
    assert code_of(answers[1]) == "contact_taken"
    profiles = [row for row in cloud.items("AuthTable") if row["sk"] == "PROFILE"]
    assert len(profiles) == 1
    cloud.drain()
    assert len(cloud.published(CustomerRegistered)) == 1


NO_CODES = [
    *(123456, None, "", "12345", "1234567", " 123456", "12 456", "123456\n"),
    *("１２３４５６", "١٢٣٤٥٦"),
]


@pytest.mark.case("F3")
def test_what_is_no_code_costs_no_attempt(auth, asked):
    for code in NO_CODES:
        answer = auth.confirm(asked[0], code)
        assert answer.status == 422, code
        assert answer.body["errors"][0]["field"] == "body.code"
    assert auth.confirm(*asked).status == 201


@pytest.mark.case("F3")
def test_leading_zeros_belong_to_a_code(auth, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _: 42)
    id_ = auth.registration()
    assert auth.code(id_) == "000042"
    assert auth.confirm(id_, "000042").status == 201


@pytest.mark.case("V9")
@pytest.mark.parametrize("id_", ["x", "%00", "01980000-0000-7000-8000-00000000000G", "a" * 2048])
def test_an_id_of_another_form_is_refused(auth, id_):
    assert auth.confirm(id_, "123456").status in (404, 422)
