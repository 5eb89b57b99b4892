"""What is unusual about a sign-in, and what follows. Pure."""

import pytest

from auth.sign_in.risk import MANY_FAILURES, Origin, Reason, assess, is_told, wants_proof

HOME = Origin("network:home", "device:phone", "country:ru")
SEEN = HOME.marks


@pytest.mark.feature(12)
@pytest.mark.case("A20")
@pytest.mark.parametrize(
    ("origin", "failures", "reasons", "proof", "told"),
    [
        (HOME, 0, [], False, False),
        (HOME, MANY_FAILURES, ["many_failures"], False, False),
        (Origin("network:cafe", "device:phone", "country:ru"), 0, ["new_network"], False, False),
        (Origin("network:home", "device:tv", "country:ru"), 0, ["new_device"], False, True),
        (
            Origin("network:cafe", "device:tv", "country:ru"),
            0,
            ["new_device", "new_network"],
            True,
            True,
        ),
        (
            Origin("network:cafe", "device:phone", "country:fr"),
            0,
            ["new_network", "new_country"],
            True,
            True,
        ),
        (
            Origin("network:cafe", "device:phone", None),
            0,
            ["new_network", "new_country"],
            True,
            True,
        ),
        (
            Origin("network:cafe", "device:phone", "country:ru"),
            5,
            ["new_network", "many_failures"],
            True,
            True,
        ),
    ],
)
def test_a_strange_network_and_one_more_strange_thing_ask_for_a_proof(
    origin, failures, reasons, proof, told
):
    found = assess(SEEN, origin, failures)
    assert list(found) == reasons
    assert (wants_proof(found), is_told(found)) == (proof, told)


def test_where_nobody_knows_countries_they_are_not_missed():
    seen = ("network:home", "device:phone")
    assert assess(seen, Origin("network:cafe", "device:phone", None), 0) == (Reason.NEW_NETWORK,)


def test_to_an_account_that_has_just_begun_nothing_is_strange():
    assert assess((), HOME, MANY_FAILURES) == ()
