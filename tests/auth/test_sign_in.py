"""Signing in: by the password, within limits, telling strangers nothing."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from auth.registration.app import REGISTRATIONS
from auth.sign_in.app import SIGN_INS
from auth.sign_in.authentication import AT_LOGIN, AT_LOGIN_BY_STRANGERS
from common import table
from common.events.sign_in import SignedIn

HOME, CAFE = "203.0.113.7", "198.51.100.1"
WRONG = "not the password"


def claim_of(cloud):
    [row] = [row for row in cloud.items("AuthTable") if row["sk"] == "LOGIN"]
    return row


def without_wait(answer):
    return {name: value for name, value in answer.body.items() if name != "retry_after_seconds"}


@pytest.fixture
def ann(auth):
    return auth.customer()


@pytest.mark.feature(3)
def test_login_and_password_sign_in(auth, cloud, ann):
    answer = auth.sign_in()
    assert answer.status == 200
    assert answer.body["customer_id"] == ann["customer_id"]
    assert (answer.body["token_type"], answer.body["expires_in"]) == ("Bearer", 600)
    assert answer.body["refresh_token"] != ann["refresh_token"]
    cloud.drain()
    assert [e.customer_id for e in cloud.published(SignedIn)] == [ann["customer_id"]]


@pytest.mark.case("A17")
def test_the_logins_spelling_does_not_matter(auth, ann):
    assert auth.sign_in(" ANN@Example.COM ").status == 200


@pytest.mark.case("A5")
def test_a_password_registered_composed_signs_in_decomposed(auth):
    auth.customer(password="crème brûlée")
    assert auth.sign_in(password="cre\u0300me bru\u0302le\u0301e").status == 200


@pytest.mark.case("A6")
def test_the_last_character_of_a_long_password_counts(auth):
    auth.customer(password="x" * 128)
    assert auth.sign_in(password="x" * 127 + "y").status == 401
    assert auth.sign_in(password="x" * 128).status == 200


def test_it_takes_two_round_trips(auth, cloud, ann):
    with cloud.counted() as calls:
        auth.sign_in()
    assert calls.trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


@pytest.mark.case("A1")
class TestEnumeration:
    LOGINS = ("nobody@example.com", "no address", "\u0000", "+79990000000")

    def test_an_unknown_login_is_answered_like_a_wrong_password(self, auth, ann):
        wrong = auth.sign_in(password=WRONG)
        assert (wrong.status, wrong.body["type"]) == (401, "urn:kabinet:problem:wrong_credentials")
        for login in self.LOGINS:
            unknown = auth.sign_in(login, WRONG)
            assert (unknown.status, unknown.body) == (wrong.status, wrong.body)
            assert unknown.headers == wrong.headers

    def test_an_unknown_login_costs_what_a_wrong_password_does(self, auth, cloud, ann, hashes):
        with cloud.counted() as for_wrong:
            auth.sign_in(password=WRONG, ip=CAFE)
        with cloud.counted() as for_unknown:
            auth.sign_in("nobody@example.com", WRONG, ip=CAFE)
        assert for_wrong.names == for_unknown.names
        assert hashes[-2:] == ["verify", "verify"]

    def test_an_unknown_login_is_throttled_like_a_known_one(self, auth, ann):
        answers = {}
        for login in ("ann@example.com", "nobody@example.com"):
            for _ in range(AT_LOGIN.allowed + 1):
                answers[login] = auth.sign_in(login, WRONG, ip=CAFE)
        known, unknown = answers.values()
        assert (known.status, without_wait(known)) == (unknown.status, without_wait(unknown))
        assert known.status == 429


@pytest.mark.case("A8")
def test_after_a_day_of_guesses_from_everywhere_the_right_one_is_throttled_too(auth, cloud, ann):
    """Half the guesses are enough; each throttled one is answered without being compared."""
    for n in range(100):
        cloud.clock.advance(minutes=14)
        auth.sign_in(password=WRONG, ip=f"198.51.100.{n}")
    right = auth.sign_in(ip="192.0.2.1")
    wrong = auth.sign_in(password=WRONG, ip="192.0.2.2")
    assert right.status == wrong.status == 429
    assert without_wait(right) == without_wait(wrong)
    assert int(right.headers["retry-after"]) <= 24 * 3600


@pytest.mark.case("A9")
class TestTheOwnerIsNotLockedOut:
    def exhaust(self, auth, leave=0):
        auth.spend(AT_LOGIN_BY_STRANGERS, auth.email, leave)
        assert auth.sign_in(ip="192.0.2.1").status == 429

    def test_where_they_registered_they_still_sign_in(self, auth, ann):
        self.exhaust(auth)
        assert auth.sign_in(ip=HOME).status == 200

    def test_where_they_signed_in_before_they_still_do(self, auth, ann):
        auth.sign_in(ip=CAFE)
        self.exhaust(auth, leave=1)
        assert auth.sign_in(ip=CAFE).status == 200

    def test_guesses_elsewhere_do_not_spend_the_guesses_at_home(self, auth, ann):
        for _ in range(AT_LOGIN.allowed + 5):
            auth.sign_in(password=WRONG, ip=CAFE)
        assert auth.sign_in(ip=CAFE).status == 429
        assert auth.sign_in(ip=HOME).status == 200

    def test_it_ends_by_itself(self, auth, cloud, ann):
        self.exhaust(auth)
        wait = int(auth.sign_in(ip="192.0.2.1").headers["retry-after"])
        cloud.clock.advance(seconds=wait)
        assert auth.sign_in(ip="192.0.2.1").status == 200


def test_only_the_latest_places_are_remembered(auth, cloud, ann):
    for n in range(7):
        auth.sign_in(ip=f"192.0.2.{n}")
    assert len(claim_of(cloud)["devices"]) == 5
    assert "192.0.2" not in str(claim_of(cloud))


@pytest.mark.case("A19")
def test_a_forged_address_of_the_network_counts_for_nothing(auth, ann):
    answers = [
        auth.sign_in(
            password=WRONG,
            headers={
                "x-forwarded-for": f"192.0.2.{n}",
                "x-real-ip": f"192.0.2.{n}",
                "forwarded": f"for=192.0.2.{n}",
                "cloudfront-viewer-address": f"192.0.2.{n}:1",
            },
        )
        for n in range(AT_LOGIN.allowed + 1)
    ]
    assert [answer.status for answer in answers] == [401] * AT_LOGIN.allowed + [429]


def test_one_address_may_not_try_many_logins(auth):
    auth.spend(SIGN_INS, HOME, leave=2)
    answers = [auth.sign_in(f"user{n}@example.com").status for n in range(3)]
    assert answers == [401, 401, 429]


def test_one_customers_ipv6_addresses_are_one(auth):
    auth.spend(SIGN_INS, "2001:db8:1:1::/64", leave=1)
    assert auth.sign_in("one@example.com", ip="2001:db8:1:1::1").status == 401
    assert auth.sign_in("last@example.com", ip="2001:db8:1:1:ffff::1").status == 429
    assert auth.sign_in("last@example.com", ip="2001:db8:1:2::1").status == 401


class TestAnOlderHash:
    @pytest.fixture
    def older(self, auth, cloud, ann):
        kept = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(auth.password)
        with cloud.acting("AuthApi"):
            key = claim_of(cloud)
            table.apply(table.update(key["pk"], key["sk"], assign={"password_hash": kept}))
        return kept

    def test_is_renewed_by_the_next_sign_in_and_only_by_that(self, auth, cloud, older, hashes):
        assert auth.sign_in().status == 200
        renewed = claim_of(cloud)["password_hash"]
        assert "m=19456,t=2,p=1" in renewed
        assert auth.sign_in().status == 200
        assert claim_of(cloud)["password_hash"] == renewed
        assert hashes == ["verify", "hash", "verify"]

    def test_is_left_by_a_wrong_password(self, auth, cloud, older):
        auth.sign_in(password=WRONG)
        assert claim_of(cloud)["password_hash"] == older

    def test_costs_no_round_trip_more(self, auth, cloud, older):
        with cloud.counted() as calls:
            auth.sign_in()
        assert len(calls.trips) == 2


def test_a_password_changed_meanwhile_does_not_sign_in(auth, cloud, ann, monkeypatch):
    """The session is written only if the password that was compared still is the password."""
    from auth import store
    from auth.password import passwords

    compare = passwords.matches

    def changed_meanwhile(kept, password):
        account = store.account_by_login(auth.email)
        changed = replace(account, password_version=account.password_version + 1)
        store.change_account(account, changed)
        return compare(kept, password)

    monkeypatch.setattr(passwords, "matches", changed_meanwhile)
    assert auth.sign_in().status == 401
    assert len([row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]) == 1


@pytest.mark.parametrize(
    "fields", [{"login": ""}, {"login": "x" * 255}, {"password": None}, {"totp_code": 123456}]
)
def test_other_shapes_are_refused(auth, fields):
    assert auth.sign_in(**{"login": "x", "password": "x"} | fields).status == 422


def test_where_all_callers_look_alike_the_network_is_not_counted(auth, cloud, monkeypatch):
    monkeypatch.setitem(cloud.wiring.functions["AuthApi"].environment, "NETWORK_LIMITS", "off")
    auth.spend(SIGN_INS, HOME)
    auth.spend(REGISTRATIONS, HOME)

    assert auth.sign_in("nobody@example.com").status == 401
    assert auth.register("one@example.com").status == 202
