"""Offers: the ways in which somebody may prove that they are there, the preferred one first."""

from dataclasses import dataclass

from auth.account import Account, FactorKind

TOTP = FactorKind.TOTP.value
RECOVERY_CODE = "recovery_code"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to prove it: `password`, `totp`, `recovery_code`, or a channel by which a code goes
    `to` its owner."""

    kind: str
    to: str | None = None


def of_factors(account: Account) -> tuple[Offer, ...]:
    """By what the second factors of *account* are shown; a recovery code stands in for them."""
    shown = tuple(Offer(factor.kind.value, factor.to) for factor in account.factors)
    return (*shown, Offer(RECOVERY_CODE)) if account.recovery_codes else shown
