"""The history of sign-ins: all of one's own, nobody else's, and no room for strangers."""

import pytest

from auth import store
from auth.history import store as history
from auth.history.history import KEPT, Outcome
from auth.session.session import Device
from common import clock

pytestmark = pytest.mark.feature(21)

PHONE = {"sec-ch-ua-platform": '"Android"'}


@pytest.fixture
def ann(auth):
    return auth.customer()


@pytest.fixture
def listed(cloud):
    def get(person, **query):
        answer = cloud.call("GET", "/v1/auth/sign-ins", token=person["access_token"], query=query)
        assert answer.status == 200, answer.body
        return answer.body

    return get


def test_each_sign_in_is_there_with_device_place_and_methods(auth, ann, listed):
    later = auth.sign_in_from_afar(ip="198.51.100.9", headers=PHONE, device_name="Pixel").body
    newest, first, _held = listed(later)["items"]
    assert (newest["device_name"], newest["platform"]) == ("Pixel", "Android")
    assert (newest["place"], newest["methods"]) == ("198.51.100.0/24", ["pwd", "otp", "mfa"])
    assert newest["unusual"] == ["new_device", "new_network"]
    assert (first["outcome"], first["unusual"], first["times"]) == ("success", [], 1)
    assert newest["id"] == later["refresh_token"].partition(".")[0]


def test_pages_go_on_where_the_last_ended(auth, ann, listed):
    for _ in range(2):
        auth.sign_in()
    page = listed(ann, limit="2")
    rest = listed(ann, limit="2", cursor=page["next_cursor"])
    assert len(page["items"] + rest["items"]) == 3
    assert rest["next_cursor"] is None


def test_it_is_ones_own(auth, ann, listed):
    bob = auth.customer("bob@example.com")
    assert len(listed(bob)["items"]) == len(listed(ann)["items"]) == 1


def test_staff_have_one_too(auth, listed):
    from pyotp import TOTP

    hired = auth.hire()
    code = TOTP(hired["totp_secret"]).at(clock.now())
    agent = auth.sign_in(hired["login"], hired["password"], totp_code=code).body
    assert [item["outcome"] for item in listed(agent)["items"]] == ["success"]


def test_an_ended_session_reads_nothing(auth, cloud, ann):
    auth.sign_out(ann["access_token"])
    answer = cloud.call("GET", "/v1/auth/sign-ins", token=ann["access_token"])
    assert answer.status == 401


def test_wrong_passwords_are_counted_by_day(auth, ann, listed):
    for _ in range(3):
        auth.sign_in(password="not the password")
    [day] = listed(ann)["wrong_passwords"]
    assert day == {"day": clock.now().date().isoformat(), "times": 3}
    assert len(listed(ann)["items"]) == 1


@pytest.mark.case("A3")
def test_counting_them_is_the_same_work_whether_there_is_such_a_login(auth, cloud, ann):
    def rows_of(login):
        before = len(cloud.items("AuthTable"))
        for _ in range(3):
            auth.sign_in(login, "not the password", ip="198.51.100.9")
        return len(cloud.items("AuthTable")) - before

    auth.sign_in("x@example.com", ip="198.51.100.9")  # makes the counter of the network
    assert rows_of("nobody@example.com") == rows_of(auth.email)


def test_what_did_not_get_in_is_one_row_a_day_however_often(auth, cloud, ann, listed):
    with cloud.acting("AuthApi"):
        account = store.account_by_login(auth.email)
        for _ in range(3):
            history.count(account, Outcome.HELD, Device("TV", None, "192.0.2.0/24"), clock.now())
    held = [item for item in listed(ann)["items"] if item["outcome"] == "held"]
    assert [(item["times"], item["device_name"]) for item in held] == [(3, "TV")]


def test_a_refused_second_factor_is_there(auth, ann, authenticate, listed):
    authenticate(auth.email)
    for _ in range(2):
        assert auth.sign_in(totp_code="000000").status == 401
    refused = [i for i in listed(ann)["items"] if i["outcome"] == "second_factor_refused"]
    assert [item["times"] for item in refused] == [2]


@pytest.mark.case("F6")
def test_what_is_too_old_is_not_shown_although_its_row_is_there(auth, cloud, ann, listed):
    cloud.clock.advance(seconds=KEPT.total_seconds())
    again = auth.sign_in().body
    assert len(listed(again)["items"]) == 1


def test_no_login_lies_in_it_in_the_open(auth, cloud, ann):
    auth.sign_in(password="not the password")
    rows = [r for r in cloud.items("AuthTable") if r["pk"].startswith("WRONG#")]
    assert rows
    assert auth.email not in str(rows)
