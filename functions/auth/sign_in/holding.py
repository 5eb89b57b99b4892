"""Holding: one proof is not enough from a strange place, where there is no second factor.

A code to a contact of the account is asked for then, as a second step. The owner hears of it once
a day, with the link that closes the account.
"""

from datetime import datetime

from auth import devices
from auth.account import Account
from auth.challenge.challenge import Channel
from auth.factors.offers import Offer, of_passkeys
from auth.history import store as history
from auth.history.history import Outcome
from auth.session.session import Device
from auth.sign_in import risk
from auth.sign_in.entrance import Entry
from common import ids
from common.access import Role
from common.events.sign_in import SignInHeld

# Methods that prove enough: a code went to a contact already, or it was two proofs at once.
ENOUGH = {"otp", "sms", "tel", "mfa"}


def proofs(account: Account, entry: Entry, at: datetime) -> tuple[Offer, ...] | None:
    """By what an unusual sign-in is to be proven once more, told to the owner; None where it is
    not unusual, or not for us to ask."""
    if account.role is not Role.CUSTOMER or ENOUGH & {*entry.amr}:
        return None
    unusual = risk.assess(account.seen, devices.origin(account.id, entry.device), entry.failures)
    if not risk.wants_proof(unusual):
        return None
    _tell(account, entry.device, at)
    # The letter about it goes to the e-mail address, so the code rather by SMS.
    contacts = (Channel.SMS.value, account.phone), (Channel.EMAIL.value, account.email)
    return *of_passkeys(account), *(Offer(kind, to) for kind, to in contacts if to)


def _tell(account: Account, device: Device, at: datetime) -> None:
    event = SignInHeld(
        id=ids.new(at),
        occurred_at=at,
        customer_id=account.id,
        entry_id=history.daily(account, Outcome.HELD, at),
        device=device.name or device.platform,
        place=device.place,
        country=device.country,
    )
    history.count(account, Outcome.HELD, device, at, event)
