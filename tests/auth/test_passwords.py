"""Which passwords are taken, and that what is kept matches only the one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from auth.password import passwords
from auth.password.passwords import NewPassword, Password

NEW = TypeAdapter(NewPassword)
CONTEXT = ("Kabinet", "maria@example.com", "maria")


def refused(password):
    with pytest.raises(ValidationError) as fault:
        NEW.validate_python(password)
    return fault.value.errors()[0]["type"]


@pytest.mark.case("A5")
@pytest.mark.feature(8)
@pytest.mark.parametrize("password", ["12345678", "😀" * 8, "пароль–8", "\u0000" * 8, "x" * 128])
def test_eight_code_points_of_any_kind_are_enough(password):
    assert NEW.validate_python(password) == password


@pytest.mark.case("A5")
@pytest.mark.parametrize("password", ["", "1234567", "😀" * 7, "e\u0301" * 7])
def test_seven_code_points_are_too_few(password):
    assert refused(password) == "password_too_short"


@pytest.mark.case("A6")
@pytest.mark.parametrize("password", ["x" * 129, "😀" * 129, "x" * 1_000_000])
def test_more_than_128_code_points_are_too_many(password):
    assert refused(password) == "password_too_long"


@pytest.mark.case("A5")
def test_decomposed_characters_count_once_composed():
    assert NEW.validate_python("e\u0301" * 128) == "é" * 128


@pytest.mark.case("A6")
def test_a_long_row_of_marks_is_refused_before_it_is_normalised():
    """Ordering combining marks takes quadratic time."""
    assert refused("a" + "\u0301\u0316" * 100_000) == "password_too_long"


@given(st.text(max_size=200))
def test_what_is_taken_is_composed(typed):
    try:
        taken = TypeAdapter(Password).validate_python(typed)
    except ValidationError:
        return
    assert taken == unicodedata.normalize("NFC", typed)


@pytest.mark.case("A5")
def test_a_password_matches_however_it_was_typed():
    kept = passwords.hashed(NEW.validate_python("cafe\u0301 noir"))
    assert passwords.matches(kept, NEW.validate_python("café noir"))


@pytest.mark.case("A6")
@pytest.mark.parametrize("place", [0, 72, 73, 100, 127])
def test_every_character_counts(place):
    password = "x" * 128
    kept = passwords.hashed(password)
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password[:place] + "y" + password[place + 1 :])


def test_what_is_kept_is_argon2id_with_the_stated_cost():
    assert passwords.hashed("12345678").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.case("A1")
def test_an_unknown_logins_check_costs_what_a_known_ones_does():
    assert not passwords.is_outdated(passwords.NOBODYS)
    assert not passwords.matches(None, "12345678")


@pytest.mark.parametrize(
    "password", ["kabinet2026", "KABINET-2026", "k a b i n e t 1", "maria1234", "Maria@Example.com"]
)
def test_a_password_made_of_its_context_is_guessable(password):
    assert passwords.is_guessable(password, CONTEXT)


@pytest.mark.parametrize(
    "password", ["correct horse", "a b c d e f g", "the kabinet is oaken", "maria likes tea 3"]
)
def test_a_password_with_enough_besides_is_not(password):
    assert not passwords.is_guessable(password, CONTEXT)


def test_short_words_of_the_context_do_not_count():
    assert not passwords.is_guessable("banana 12", ("an", "x"))
