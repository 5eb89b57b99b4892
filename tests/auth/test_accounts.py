"""An account and its claims: one truth, copied where signing in reads it, changed as one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auth import rows, store
from auth.account import MOST_SESSIONS, Account, Begun, Factor, FactorKind, Identity, Passkey
from auth.session.session import LIFETIME, Device, Session
from common import table
from common.access import Role

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL, PHONE = "ann@example.com", "+79991234567"
ANN = Account("01980000-0000-7000-8000-00000000000a", Role.CUSTOMER, (EMAIL,), password_hash="x")


def session(at=NOON, id_="s"):
    return Session(id_, ANN.id, Role.CUSTOMER, at, Device("Phone", "Android", "203.0.113.0/24"))


@pytest.fixture
def ann(cloud):
    with cloud.acting("AuthApi"):
        store.add_account(ANN)
        yield ANN


def test_an_account_is_kept_and_read_back_as_it_was():
    whole = replace(
        ANN,
        identities=(Identity("https://id.example", "7", "google", NOON),),
        passkeys=(
            Passkey("id", "credential", "key", 1, "Laptop", NOON, synced=True, used_at=NOON),
        ),
        factors=(Factor("f", FactorKind.SMS, NOON, to=PHONE),),
        totp_step=5,
        devices=("d",),
        sessions=(Begun("s", NOON),),
    )
    assert rows.account(rows.account_row(whole)) == whole
    assert rows.account(rows.claim_row(EMAIL, whole)) == whole


def test_a_session_is_kept_and_read_back_as_it_was():
    assert rows.session(rows.session_row(session())) == session()


def test_a_change_is_in_the_account_and_in_every_claim(ann):
    both = replace(ann, logins=(EMAIL, PHONE))
    store.change_account(ann, both)
    now = store.account(ann.id, ann.role)
    store.change_account(now, replace(now, password_hash="y"))

    found = [store.account(ann.id, ann.role), *map(store.account_by_login, (EMAIL, PHONE))]
    assert found == [replace(both, version=3, password_hash="y")] * 3


def test_a_login_given_up_is_free_for_others(ann):
    store.change_account(ann, replace(ann, logins=(PHONE,)))
    assert store.account_by_login(EMAIL) is None
    store.add_account(replace(ANN, id="another"))


def test_whoever_read_an_older_account_changes_nothing_and_hears_what_it_is_by_now(ann):
    store.change_account(ann, replace(ann, password_hash="y"))
    other = table.put({"pk": "OTHER", "sk": "OTHER"})

    with pytest.raises(store.Changed) as refused:
        store.change_account(ann, replace(ann, password_hash="z"), other)

    assert refused.value.found.password_hash == "y"
    assert table.get("OTHER", "OTHER") is None


def test_a_login_that_somebody_has_cannot_be_claimed(ann):
    store.add_account(replace(ANN, id="another", logins=(PHONE,)))
    with pytest.raises(store.LoginTaken):
        store.change_account(ann, replace(ann, logins=(EMAIL, PHONE)))
    assert store.account(ann.id, ann.role) == ann


def test_nothing_is_written_when_another_write_is_refused(ann):
    table.apply(table.put({"pk": "OTHER", "sk": "OTHER"}))
    with pytest.raises(store.Refused):
        store.change_account(ann, ann, table.put({"pk": "OTHER", "sk": "OTHER"}))
    assert store.account(ann.id, ann.role) == ann


def test_an_attempt_is_made_again_on_the_account_as_it_stands_by_then(ann):
    store.change_account(ann, replace(ann, devices=("d",)))
    seen = []

    def attempt(account):
        seen.append(account.version)
        store.change_account(account, replace(account, password_hash="y"))

    store.persist(ann, attempt)
    assert seen == [1, 2]
    assert store.account(ann.id, ann.role).devices == ("d",)


def test_the_oldest_session_ends_when_there_are_too_many(ann):
    account = ann
    for n in range(MOST_SESSIONS + 1):
        began = session(NOON + timedelta(minutes=n), f"s-{n}")
        store.begin_session(account, account, began)
        account = store.account(ann.id, ann.role)
    assert [account.sessions[0].id, account.sessions[-1].id] == ["s-1", f"s-{MOST_SESSIONS}"]
    assert store.session("s-0").ended
    assert not store.session("s-1").ended


def test_sessions_that_are_over_by_themselves_make_room_and_are_forgotten():
    old = replace(ANN, sessions=(Begun("old", NOON - LIFETIME),))
    entered, ended = old.entered(session())
    assert [s.id for s in entered.sessions] == ["s"]
    assert not ended
