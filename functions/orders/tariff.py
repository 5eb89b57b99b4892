"""What the shop's parameters say: its currency, and what delivery costs."""

import os

from common import pricing


def currency() -> str:
    return os.environ["CURRENCY"]


def delivery() -> pricing.Delivery:
    return pricing.Delivery(
        fee_minor=int(os.environ["DELIVERY_FEE_MINOR"]),
        free_from_minor=int(os.environ["FREE_DELIVERY_FROM_MINOR"]),
    )
