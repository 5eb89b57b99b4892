"""The payment provider of this shop, as PAYMENT_PROVIDER names it."""

import os
from collections.abc import Callable, Mapping

from orders.payments.provider import Provider
from orders.payments.sandbox_store import Sandbox

PROVIDERS: Mapping[str, Callable[[], Provider]] = {"sandbox": Sandbox}


def provider() -> Provider:
    return PROVIDERS[os.environ["PAYMENT_PROVIDER"]]()
