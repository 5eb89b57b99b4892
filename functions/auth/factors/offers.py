"""Offers: the ways in which somebody may prove that they are there, the preferred one first."""

from dataclasses import dataclass

from auth.account import Account, FactorKind

TOTP = FactorKind.TOTP.value
RECOVERY_CODE = "recovery_code"
PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to prove it: `password`, `totp`, `passkey`, `recovery_code`, or a channel by
    which a code goes `to` its owner."""

    kind: str
    to: str | None = None


def of_factors(account: Account) -> tuple[Offer, ...]:
    """By what the second factors of *account* are shown; a passkey or a recovery code stands in
    for them."""
    shown = tuple(Offer(factor.kind.value, factor.to) for factor in account.factors)
    codes = (Offer(RECOVERY_CODE),) if account.recovery_codes else ()
    return *shown, *of_passkeys(account), *codes


def of_passkeys(account: Account) -> tuple[Offer, ...]:
    return (Offer(PASSKEY),) if account.passkeys else ()
