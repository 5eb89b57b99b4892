"""Limits count per subject and window, and tell when to come back."""

import pytest

from common import limits
from common.errors import TooManyRequests
from common.limits import Limit

THREE_AN_HOUR = Limit("letters", allowed=3, seconds=3600)


@pytest.fixture(autouse=True)
def auth(cloud):
    with cloud.acting("AuthApi"):
        yield


def test_the_limit_holds_until_its_window_ends(cloud):
    for _ in range(3):
        limits.take(THREE_AN_HOUR, "somebody@example.com")
    with pytest.raises(TooManyRequests) as refused:
        limits.take(THREE_AN_HOUR, "somebody@example.com")

    wait = int(refused.value.headers["Retry-After"])
    assert 0 < wait <= 3600
    cloud.clock.advance(seconds=wait)
    limits.take(THREE_AN_HOUR, "somebody@example.com")


def test_subjects_do_not_share_a_limit():
    for n in range(5):
        limits.take(THREE_AN_HOUR, f"{n}@example.com")


@pytest.mark.case("F13")
def test_a_subject_is_stored_as_a_keyed_hash(cloud):
    limits.take(THREE_AN_HOUR, "somebody@example.com")

    assert "somebody" not in str(cloud.items("AuthTable"))
