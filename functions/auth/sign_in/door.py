"""The door: whoever has shown a first proof comes in, or hears what second one is asked for.

Every way of signing in ends here, so that none of them goes around a second factor.
"""

from dataclasses import dataclass
from datetime import datetime

from auth import store
from auth.account import Account
from auth.factors import offers
from auth.factors.offers import Offer
from auth.history import store as history
from auth.history.history import Outcome
from auth.session.session import Device, Session
from auth.sign_in import entrance, holding, second_step
from auth.sign_in.entrance import Entry
from auth.sign_in.guesses import totp_step
from auth.sign_in.problems import SecondFactorRequired, WrongSecondFactor
from common.access import Role


@dataclass(frozen=True, slots=True)
class Shown:
    """From where and on what somebody signs in, and the code of their authenticator if they show
    it at once. Staff must have a second factor, unless it is waived for them."""

    network: str
    device: Device
    totp_code: str | None = None
    second_factor_waived: bool = False


def admit(
    account: Account, entry: Entry, shown: Shown, at: datetime, *writes: store.Write
) -> Session:
    """Begin a session for whoever has shown the first proof that *entry* names.

    SecondFactorRequired when a second one is needed: what *entry* changes in the account waits
    for it, *writes*, by which the first proof is used up, do not. NotProven and Refused as of
    `entrance.enter`.
    """
    asked = second_proofs(account, entry, shown)
    if asked is None:
        asked = holding.proofs(account, entry, at)
    if asked is None:
        return entrance.enter(account, entry, at, *writes)
    if shown.totp_code is not None and Offer(offers.TOTP) in asked:
        step = _totp_step(account, entry, shown.totp_code, at)
        return entrance.enter(account, entry.with_second("otp", totp_step=step), at, *writes)
    begun = second_step.begin(account, entry, asked, at, *writes)
    raise SecondFactorRequired(begun, asked)


def second_proofs(account: Account, entry: Entry, shown: Shown) -> tuple[Offer, ...] | None:
    """By what *account* is to be proven once more, the preferred way first; None when the first
    proof is enough, was two at once as a passkey is, or was by all that there is."""
    if "mfa" in entry.amr:
        return None
    asked = offers.of_factors(account, entry.shown_at)
    if account.role is Role.CUSTOMER and not asked:
        return None
    if account.role is not Role.CUSTOMER and shown.second_factor_waived:
        return None
    return asked


def _totp_step(account: Account, entry: Entry, code: str, at: datetime) -> int:
    try:
        return totp_step(account, code, at)
    except WrongSecondFactor:
        history.count(account, Outcome.SECOND_FACTOR_REFUSED, entry.device, at)
        raise
