"""Holding: a right password from a strange place is not enough where there is no second factor.

A code goes to a contact of the account, and proves it as any code to sign in by does; so nothing
is opened by half a proof. The owner hears of it by the other channel where they have two, once
a day, with the link that closes the account.
"""

from datetime import datetime

from auth import devices
from auth.account import Account
from auth.challenge import proof
from auth.challenge.challenge import Challenge, Channel, Purpose
from auth.history import store as history
from auth.history.history import Outcome
from auth.session.session import Device
from auth.sign_in import risk
from auth.sign_in.problems import ConfirmationRequired
from common import ids
from common.access import Role
from common.events.auth import SignInHeld
from common.language import Language


def require_usual(
    account: Account, device: Device, network: str, language: Language, failures: int, at: datetime
) -> None:
    """ConfirmationRequired, with a code under way, where a password alone is too little."""
    if account.factors or account.role is not Role.CUSTOMER:
        return
    unusual = risk.assess(account.seen, devices.origin(account.id, device), failures)
    if not risk.wants_proof(unusual):
        return
    _tell(account, device, at)
    challenge = _code(account, network, language, at)
    proof.begin(challenge)
    raise ConfirmationRequired(challenge, [reason.value for reason in unusual])


def _code(account: Account, network: str, language: Language, at: datetime) -> Challenge:
    """By SMS where there is a phone: the letter about it goes to the e-mail address."""
    return Challenge(
        id=ids.new(at),
        purpose=Purpose.SIGN_IN,
        channel=Channel.SMS if account.phone else Channel.EMAIL,
        to=account.phone or str(account.email),
        language=language,
        network=network,
        begun_at=at,
    )


def _tell(account: Account, device: Device, at: datetime) -> None:
    entry_id = history.daily(account, Outcome.HELD, at)
    event = SignInHeld(
        id=ids.new(at),
        occurred_at=at,
        customer_id=account.id,
        entry_id=entry_id,
        device=device.name or device.platform,
        place=device.place,
        country=device.country,
    )
    history.count(account, Outcome.HELD, device, at, event)
