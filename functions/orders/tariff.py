"""What the shop says of every order, as the template's parameters set it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from common import pricing


@dataclass(frozen=True, slots=True)
class Tariff:
    """The shop's currency, what delivery costs, and the tax that every price contains."""

    currency: str
    delivery: pricing.Delivery
    tax_percent: int = 0


def tariff(environment: Mapping[str, str]) -> Tariff:
    """The tariff that a function's *environment* holds."""
    fee = int(environment["DELIVERY_FEE_MINOR"])
    free_from = int(environment["FREE_DELIVERY_FROM_MINOR"])
    tax = int(environment["TAX_PERCENT"])
    return Tariff(environment["CURRENCY"], pricing.Delivery(fee, free_from), tax)
