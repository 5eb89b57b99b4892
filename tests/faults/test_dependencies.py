"""What AWS does not give for a moment is asked of the caller a moment later."""

import pytest

from faults import FAULTS, Injector
from shop import PASSWORD, Shop
from sweep import cold

PASSING = [fault for fault in FAULTS if fault.name in ("throttled", "broken", "no connection")]
SIGN_IN = {"login": "nobody@example.com", "password": PASSWORD}


@pytest.mark.case("T8")
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.name)
@pytest.mark.parametrize("path", ["/v1/auth/sign-in", "/v1/auth/sign-out"])
def test_a_cold_start_without_secret_or_key_is_busy_and_the_next_call_works(cloud, fault, path):
    """The first call of signing in reads the secret, that of signing out the key."""
    body = SIGN_IN if path.endswith("sign-in") else None
    ask = Shop(cloud).asking(cloud.customer(), "POST", path, body)
    cold()

    with Injector(fault, 0, watching=True).installed() as injector:
        first, second = ask(), ask()

    assert injector.hit in ("secrets-manager.GetSecretValue", "kms.GetPublicKey")
    assert (first.status, first.headers["retry-after"]) == (503, "2")
    assert second.status in (401, 204)
