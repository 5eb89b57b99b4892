"""The payment provider of this shop, as PAYMENT_PROVIDER names it."""

import os
from importlib import import_module

from orders.payments.provider import Provider

PROVIDERS = {
    "sandbox": "sandbox_store:Sandbox",
    "stripe": "stripe.client:Stripe",
    "yookassa": "yookassa.client:Yookassa",
}


def provider() -> Provider:
    """The one that is used is the only one whose code is loaded."""
    module, _, name = PROVIDERS[os.environ["PAYMENT_PROVIDER"]].partition(":")
    made: Provider = getattr(import_module(f"orders.payments.{module}"), name)()
    return made
