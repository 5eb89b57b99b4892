"""The one-time code that staff show after their password."""

import hashlib
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from auth.sign_in import totp
from auth.sign_in.guesses import SECOND_FACTORS
from common import clock
from common.events.staff import StaffSignedIn

# RFC 4226, appendix D.
HOTP_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
HOTP_CODES = (
    *("755224", "287082", "359152", "969429", "338314"),
    *("254676", "287922", "162583", "399871", "520489"),
)

# RFC 6238, appendix B: seconds, then the codes of SHA-1, SHA-256 and SHA-512.
TOTP_CODES = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
DIGESTS = [(hashlib.sha1, 20), (hashlib.sha256, 32), (hashlib.sha512, 64)]


def base32(length):
    import base64

    return base64.b32encode((b"1234567890" * 7)[:length]).decode()


@pytest.mark.case("F1")
def test_the_library_meets_the_ten_vectors_of_rfc_4226():
    assert [pyotp.HOTP(HOTP_SECRET).at(n) for n in range(10)] == list(HOTP_CODES)


@pytest.mark.case("F1")
def test_the_library_meets_the_eighteen_vectors_of_rfc_6238():
    for seconds, *codes in TOTP_CODES:
        for (digest, length), code in zip(DIGESTS, codes, strict=True):
            made = pyotp.TOTP(base32(length), digits=8, digest=digest).at(seconds)
            assert made == code


@pytest.mark.case("F1")
def test_ours_meet_the_vectors_of_sha_1():
    for seconds, code, *_ in TOTP_CODES:
        at = datetime.fromtimestamp(seconds, UTC)
        assert totp.matching_step(HOTP_SECRET, code[-6:], at) == seconds // 30


@pytest.mark.case("F3")
@pytest.mark.parametrize(
    ("seconds", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_one_step_before_and_after_count_and_no_more(seconds, counts):
    at = datetime(2026, 3, 1, 12, 0, 15, tzinfo=UTC)
    code = pyotp.TOTP(HOTP_SECRET).at(at + timedelta(seconds=seconds))
    step = totp.matching_step(HOTP_SECRET, code, at)
    assert (step is not None) is counts


@pytest.fixture
def agent(auth):
    return auth.hire("agent@example.com")


@pytest.fixture
def show(auth, agent):
    def shown(code, **named):
        return auth.sign_in(agent["login"], agent["password"], totp_code=code, **named)

    return shown


@pytest.fixture
def current(agent):
    """The code of the step *seconds* from now."""

    def code(seconds=0):
        moment = clock.now() + timedelta(seconds=seconds)
        return pyotp.TOTP(agent["totp_secret"]).at(moment)

    return code


def name(answer):
    return answer.body["type"].removeprefix("urn:kabinet:problem:")


def test_staff_sign_in_with_a_code(cloud, agent, show, current):
    answer = show(current())
    assert answer.status == 200
    assert answer.body["staff_id"] == agent["staff_id"]
    assert "customer_id" not in answer.body
    cloud.drain()
    assert [e.staff_id for e in cloud.published(StaffSignedIn)] == [agent["staff_id"]]


def test_their_token_opens_what_their_role_opens(cloud, show, current):
    token = show(current()).body["access_token"]
    assert cloud.call("GET", "/v1/staff/tickets", token=token).status == 200
    assert cloud.call("GET", "/v1/loyalty", token=token).status == 403


def test_it_takes_two_round_trips_too(cloud, show, current):
    with cloud.counted() as calls:
        show(current())
    assert calls.trips == ["dynamodb.GetItem", "dynamodb.TransactWriteItems"]


@pytest.mark.case("F10")
def test_without_a_code_there_is_no_session(auth, cloud, agent):
    answer = auth.sign_in(agent["login"], agent["password"])
    assert (answer.status, name(answer)) == (401, "second_factor_required")
    assert answer.body["methods"] == [{"kind": "totp", "to": None}]
    assert not [row for row in cloud.items("AuthTable") if row["sk"] == "SESSION"]


@pytest.mark.case("F10")
def test_a_right_password_alone_leaves_no_trace(auth, cloud, agent):
    """Neither is the place known from now on, nor anything kept but counters, a line of the history
    and the step that awaits more."""

    def kept():
        counted = ("LIMIT#", "CHALLENGE#")
        rows = [row for row in cloud.items("AuthTable") if not row["pk"].startswith(counted)]
        return [row for row in rows if not row["sk"].startswith("ENTRY#")]

    before = kept()
    auth.sign_in(agent["login"], agent["password"], ip="192.0.2.1")
    auth.sign_in(agent["login"], agent["password"], ip="192.0.2.1", totp_code="000000")
    assert before == kept()
    [step] = [row for row in cloud.items("AuthTable") if row["sk"] == "CHALLENGE"]
    assert step["purpose"] == "second_step"


@pytest.mark.case("A1", "F10")
def test_a_wrong_password_does_not_tell_that_a_code_would_be_asked(auth, agent, current):
    answer = auth.sign_in(agent["login"], "not the password", totp_code=current())
    assert (answer.status, name(answer)) == (401, "wrong_credentials")


@pytest.mark.case("F2")
class TestOnce:
    def test_a_code_works_once(self, show, current):
        code = current()
        assert show(code).status == 200
        again = show(code)
        assert (again.status, name(again)) == (401, "wrong_second_factor")

    def test_a_code_used_early_does_not_work_when_its_time_comes(self, cloud, show, current):
        code = current(30)
        assert show(code).status == 200
        cloud.clock.advance(seconds=30)
        assert show(code).status == 401

    def test_a_later_code_kills_an_earlier_one(self, cloud, show, current):
        earlier, later = current(), current(30)
        assert show(later).status == 200
        assert show(earlier).status == 401

    def test_the_next_one_works(self, cloud, show, current):
        assert show(current()).status == 200
        cloud.clock.advance(seconds=30)
        assert show(current()).status == 200


@pytest.mark.case("F3")
def test_a_code_of_a_minute_ago_is_refused(show, current):
    assert name(show(current(-60))) == "wrong_second_factor"


@pytest.mark.case("F3")
@pytest.mark.parametrize("code", [123456, "１２３４５６", "١٢٣٤٥٦", "123 456", " 123456", "12345"])
def test_only_six_ascii_digits_in_a_string_are_a_code(show, code):
    assert show(code).status == 422


@pytest.mark.case("F3")
def test_leading_zeros_belong_to_a_code():
    at = datetime(2026, 3, 1, tzinfo=UTC)
    codes = (pyotp.TOTP(HOTP_SECRET).at(at + timedelta(seconds=30 * n)) for n in range(1000))
    zero = next((n, code) for n, code in enumerate(codes) if code.startswith("0"))
    moment = at + timedelta(seconds=30 * zero[0])
    assert totp.matching_step(HOTP_SECRET, zero[1], moment) is not None
    assert totp.matching_step(HOTP_SECRET, zero[1].lstrip("0"), moment) is None


@pytest.mark.case("F4")
def test_guesses_of_the_code_are_bounded_wherever_they_come_from(show, current):
    wrong = "000000" if current() != "000000" else "000001"
    for n in range(SECOND_FACTORS.allowed):
        show(wrong, ip=f"192.0.2.{n}")
    answer = show(current(), ip="192.0.2.99")
    assert answer.status == 429
    assert answer.headers["retry-after"]


def test_where_it_is_waived_staff_sign_in_by_password(auth, cloud, agent, monkeypatch):
    monkeypatch.setitem(cloud.wiring.functions["AuthApi"].environment, "STAFF_SECOND_FACTOR", "off")
    assert auth.sign_in(agent["login"], agent["password"]).status == 200


def test_a_customer_is_asked_for_none(auth):
    auth.customer()
    assert auth.sign_in().status == 200


def test_the_secret_is_sealed_for_its_owner(auth, cloud, agent):
    assert agent["totp_secret"] not in str(cloud.items("AuthTable"))
    other = auth.hire("other@example.com")
    rows = {row["pk"]: row for row in cloud.items("AuthTable") if row["sk"] == "LOGIN"}
    from botocore.exceptions import ClientError

    from common import sealing

    with cloud.acting("AuthApi"):
        sealed = rows["LOGIN#agent@example.com"]["factors"][0]["sealed"]
        assert sealing.unseal(agent["staff_id"], sealed) == agent["totp_secret"]
        with pytest.raises(ClientError):
            sealing.unseal(other["staff_id"], sealed)
