"""One mailbox, one spelling: a second account or another's code by spelling is impossible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.emails import LONGEST, canonical


@pytest.mark.case("A17", "A18")
@pytest.mark.parametrize(
    "typed",
    [
        "user@example.com",
        "USER@Example.COM",
        "  user@example.com\n",
        "user@ｅｘａｍｐｌｅ.com",
        "user@example。com",
    ],
)
def test_spellings_of_one_address_are_one(typed):
    assert canonical(typed) == "user@example.com"


@pytest.mark.case("A18")
def test_a_host_and_its_punycode_are_one():
    assert canonical("ivan@Почта.РФ") == canonical("ivan@xn--80a1acny.xn--p1ai")


@pytest.mark.case("A18")
@pytest.mark.parametrize(("one", "other"), [("a.b", "ab"), ("a+tag", "a"), ("a_b", "a-b")])
def test_different_mailboxes_stay_different(one, other):
    assert canonical(f"{one}@example.com") != canonical(f"{other}@example.com")


@pytest.mark.case("A18")
def test_letters_that_only_look_like_others_are_not_folded_into_them():
    """U+212A lower-cases to `k`, U+0131 looks like `i`: neither may reach the other's mailbox."""
    assert canonical("\u212aate@example.com") is None
    assert canonical("\u0131van@example.com") is None
    assert canonical("ivan@ex\u0430mple.com") != "ivan@example.com"


@pytest.mark.case("A18")
def test_a_host_that_two_standards_encode_differently_is_refused():
    assert canonical("ivan@faß.de") is None


@pytest.mark.case("A18")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "user",
        "user@",
        "@example.com",
        "user@localhost",
        "user@example.com.",
        "user@.example.com",
        "user@example..com",
        "user@-example.com",
        "user@example.123",
        "user@[127.0.0.1]",
        ".user@example.com",
        "us..er@example.com",
        "user name@example.com",
        "user@exam ple.com",
        '"user"@example.com',
        "user@example.com,other@example.com",
        "other@example.com@",
        "user@example.com\r\nBcc: other@example.com",
        "User <user@example.com>",
        "us\u0000er@example.com",
        "user@example.com\u0000",
        "user＠example.com",
        "u" * 65 + "@example.com",
        "user@" + "e" * 64 + ".com",
        "user@" + "example." * 40 + "com",
        "user@" + "п" * 300 + ".com",
        "@" * 100_000,
    ],
)
def test_what_is_no_address_is_refused(typed):
    assert canonical(typed) is None


def test_the_longest_address_is_taken():
    host = ".".join(["e" * 61] * 3) + ".com"
    local = "u" * 64
    assert canonical(f"{local}@{host}") == f"{local}@{host}"
    assert len(f"{local}@{host}") == LONGEST
    assert canonical(f"u{local}@{host}") is None


@pytest.mark.case("A18")
@given(st.text() | st.builds("{}@{}.{}".format, st.text(), st.text(), st.text()))
def test_the_one_form_is_stable_and_plain(typed):
    address = canonical(typed)
    if address is not None:
        assert canonical(address) == address
        assert address.isascii()
        assert address == address.lower()
