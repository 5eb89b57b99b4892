"""Hashes of other shops: each form is verified once, and then kept as Argon2id."""

import base64
import hmac
from dataclasses import replace

import bcrypt
import pytest
from passlib import hash as known

from auth import store
from auth.password import imported, passwords

PASSWORD = "correct horse battery"
WRONG = "correct horse batteri"


def by_bcrypt(secret, rounds=4):
    return bcrypt.hashpw(secret, bcrypt.gensalt(rounds)).decode()


def by_wordpress(password):
    digest = hmac.digest(b"wp-sha384", password.encode(), "sha384")
    return "$wp" + by_bcrypt(base64.b64encode(digest)).replace("$2b$", "$2y$")


HASHES = {
    "bcrypt": by_bcrypt(PASSWORD.encode()),
    "bcrypt of PHP": by_bcrypt(PASSWORD.encode()).replace("$2b$", "$2y$"),
    "WordPress since 6.8": by_wordpress(PASSWORD),
    "phpass": known.phpass.using(rounds=8).hash(PASSWORD),
    "passlib's PBKDF2": known.pbkdf2_sha256.using(rounds=1000).hash(PASSWORD),
    "passlib's PBKDF2, SHA-512": known.pbkdf2_sha512.using(rounds=1000).hash(PASSWORD),
    "passlib's PBKDF2, SHA-1": known.pbkdf2_sha1.using(rounds=1000).hash(PASSWORD),
    "Django's PBKDF2": known.django_pbkdf2_sha256.using(rounds=1000).hash(PASSWORD),
    "scrypt": known.scrypt.using(rounds=4).hash(PASSWORD),
}
TOO_DEAR = [
    "$2b$13$" + "a" * 53,
    "$2b$31$" + "a" * 53,
    "$wp$2y$20$" + "a" * 53,
    "$P$S" + "a" * 30,
    "$pbkdf2-sha256$1500001$c2FsdA$" + "a" * 43,
    "$pbkdf2-sha256$99999999$c2FsdA$" + "a" * 43,
    "pbkdf2_sha256$99999999$salt$" + "a" * 43 + "=",
    "$scrypt$ln=17,r=8,p=1$c2FsdA$" + "a" * 43,
    "$scrypt$ln=31,r=1,p=1$c2FsdA$" + "a" * 43,
    "$scrypt$ln=10,r=8,p=99$c2FsdA$" + "a" * 43,
]
UNKNOWN = ["", "5f4dcc3b5aa765d61d8327deb882cf99", "plain", "$2b$10$short", "$1$salt$md5crypt"]


@pytest.mark.case("A11")
@pytest.mark.parametrize("form", HASHES)
def test_the_right_password_matches_and_no_other(form):
    assert passwords.matches(HASHES[form], PASSWORD)
    assert not passwords.matches(HASHES[form], WRONG)
    assert passwords.is_outdated(HASHES[form])


@pytest.mark.parametrize("hostile", TOO_DEAR + UNKNOWN + ["$2b$04$" + "a" * 400])
def test_what_is_too_dear_or_unknown_is_never_computed(hostile):
    assert not imported.is_known(hostile)
    assert not imported.matches(hostile, PASSWORD)


def test_bcrypt_saw_the_first_72_bytes():
    password = "ж" * 40
    kept = by_bcrypt(password.encode()[:72])
    assert passwords.matches(kept, password)


@pytest.mark.parametrize("password", ["\x00" * 8, "😀" * 128, "a\x00b45678"])
@pytest.mark.parametrize("form", HASHES)
def test_no_password_makes_a_fault(form, password):
    assert not passwords.matches(HASHES[form], password)


@pytest.mark.case("A11")
@pytest.mark.parametrize("form", HASHES)
def test_signing_in_hashes_anew_once(auth, cloud, form, hashes):
    auth.customer()
    with cloud.acting("AuthApi"):
        before = store.account_by_login(auth.email)
        store.change_account(before, replace(before, password_hash=HASHES[form]))

    assert auth.sign_in(password=WRONG).status == 401
    assert auth.sign_in().status == 200
    with cloud.acting("AuthApi"):
        kept = store.account_by_login(auth.email).password_hash
    assert kept.startswith("$argon2id$")
    assert auth.sign_in().status == 200


@pytest.mark.parametrize("form", HASHES)
def test_right_or_wrong_it_costs_what_an_unknown_login_costs(auth, cloud, form, hashes):
    auth.customer()
    with cloud.acting("AuthApi"):
        before = store.account_by_login(auth.email)
        store.change_account(before, replace(before, password_hash=HASHES[form]))
    used = []
    for login, password in (
        ("none@example.com", WRONG),
        (auth.email, WRONG),
        (auth.email, PASSWORD),
    ):
        hashes.clear()
        auth.sign_in(login, password)
        used.append(len(hashes))
    assert used == [1, 1, 1]
