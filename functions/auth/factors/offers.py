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


def of_factors(account: Account, shown_at: str | None = None) -> tuple[Offer, ...]:
    """By what the second factors of *account* are shown; a passkey or a recovery code stands in
    for them.

    A factor whose codes go to *shown_at*, where a code has just proven the first step, is that
    same factor, by whatever channel: it is not among them.
    """
    others = [factor for factor in account.factors if not shown_at or factor.to != shown_at]
    if not others:
        return ()
    shown = tuple(Offer(factor.kind.value, factor.to) for factor in others)
    codes = (Offer(RECOVERY_CODE),) if account.recovery_codes else ()
    return *shown, *of_passkeys(account), *codes


def of_passkeys(account: Account) -> tuple[Offer, ...]:
    return (Offer(PASSKEY),) if account.passkeys else ()
