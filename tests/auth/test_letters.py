"""The letter of a registration: one, to an address that is not flooded, while it is of use."""

from dataclasses import replace

import pytest

from auth import consumer
from auth.challenge import store
from common import clock, ids, sealing
from common.events.auth import ChallengeBegun, CodeRequested, RegistrationRepeated


@pytest.fixture
def ask(auth, cloud):
    """Registers without any letter being written, and tells the event that asks for one."""

    def asked(email="ann@example.com"):
        registration_id = auth.register(email).body["registration_id"]
        at = clock.now()
        return ChallengeBegun(id=ids.new(at), occurred_at=at, challenge_id=registration_id)

    return asked


@pytest.fixture
def write(cloud):
    def writing(event):
        with cloud.acting("AuthConsumer"):
            consumer.write_letter(event)

    return writing


def queued(cloud, kind):
    return [row for row in cloud.items("AuthTable") if row.get("name") == kind.name]


@pytest.mark.case("E1")
def test_a_registration_gets_one_letter_however_often_it_is_delivered(cloud, ask, write):
    event = ask()
    for _ in range(3):
        write(event)
    assert len(queued(cloud, CodeRequested)) == 1


@pytest.mark.case("E1")
def test_of_two_deliveries_that_both_found_no_letter_one_writes_it(cloud, ask):
    event = ask()
    with cloud.acting("AuthConsumer"):
        asked = store.find(event.challenge_id)
        for n, hashed in enumerate(("a" * 64, "b" * 64)):
            known = {"id": ids.derived(event.id, str(n)), "occurred_at": clock.now()}
            known |= {"challenge_id": asked.id, "purpose": "registration", "channel": "email"}
            known |= {"language": "ru", "letter": hashed}
            lettered = replace(asked, code_hash=hashed)
            store.mark_lettered(lettered, CodeRequested(**known))
        assert store.find(asked.id).code_hash == "a" * 64
    [row] = queued(cloud, CodeRequested)
    assert "a" * 64 in row["detail"]


@pytest.mark.case("E1")
def test_the_first_code_stays_the_code(auth, cloud, ask, write):
    event = ask()
    write(event)
    cloud.drain()
    code = auth.code(event.challenge_id)
    write(event)
    cloud.drain()
    assert auth.confirm(event.challenge_id, code).status == 201


@pytest.mark.case("E1")
def test_an_owner_gets_one_notice_however_often_it_is_delivered(auth, cloud, ask, write):
    auth.customer()
    event = ask()
    for _ in range(3):
        write(event)
        cloud.drain()
    assert len(cloud.published(RegistrationRepeated)) == 1


@pytest.mark.case("A1")
def test_beyond_three_letters_an_hour_nothing_is_sent_and_nothing_is_said(auth, cloud):
    for _ in range(3):
        auth.registration()
    silent = auth.registration()
    assert auth.code(silent) is None
    assert len(queued(cloud, CodeRequested)) == 3

    cloud.clock.advance(hours=1)
    assert auth.code(auth.registration()) is not None


def test_tries_that_failed_use_up_no_letter(cloud, ask, write, monkeypatch):
    event = ask()
    with monkeypatch.context() as failing:
        failing.setattr(sealing, "seal", lambda *_: 1 / 0)
        for _ in range(4):
            with pytest.raises(ZeroDivisionError):
                write(event)

    write(event)

    assert len(queued(cloud, CodeRequested)) == 1


@pytest.mark.case("A1")
def test_spellings_share_the_limit_of_their_address(auth, cloud):
    for email in ("ann@example.com", "ANN@example.com", "Ann@Example.Com", "aNN@example.com"):
        auth.registration(email)
    assert len(queued(cloud, CodeRequested)) == 3


def test_the_limit_of_one_address_is_not_anothers(auth, cloud):
    for _ in range(4):
        auth.registration()
    assert auth.code(auth.registration("other@example.com")) is not None


def test_a_letter_that_comes_too_late_is_not_sent(cloud, ask, write):
    event = ask()
    cloud.clock.advance(minutes=30)
    write(event)
    assert not queued(cloud, CodeRequested)


def test_a_registration_that_is_gone_gets_none(cloud, write):
    at = clock.now()
    write(ChallengeBegun(id=ids.new(at), occurred_at=at, challenge_id=ids.new(at)))
    assert not queued(cloud, CodeRequested)


def test_staff_are_not_written_to_as_customers(auth, cloud):
    auth.hire("agent@example.com")
    answer = auth.register("agent@example.com")
    cloud.drain()
    assert answer.status == 202
    assert not cloud.published(RegistrationRepeated)
    assert not cloud.published(CodeRequested)


def test_no_address_is_stored_in_the_limits(auth, cloud):
    auth.registration()
    counters = [row["pk"] for row in cloud.items("AuthTable") if row["pk"].startswith("LIMIT#")]
    assert counters
    assert not [pk for pk in counters if "ann" in pk or "203.0" in pk]
