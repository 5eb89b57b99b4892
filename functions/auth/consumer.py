"""What auth does by itself: letters with codes, and what its timers wait for.

Whoever asks for a code is answered before anybody looks whose the contact is; here it is looked
at. Beyond a few letters an hour a contact gets none, silently: nobody is to be flooded. Of what
costs money, SMS and calls, a block of numbers gets few and the shop as a whole its budget, so
that nobody earns by asking for them; e-mail goes on.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth import devices, phones
from auth import store as accounts
from auth.account import Account
from auth.challenge import codes, store
from auth.challenge.challenge import Challenge, Channel, Purpose
from auth.erasure import consumer as erasure
from auth.profile import consumer as profile
from auth.profile import store as profiles
from auth.profile.profile import Profile
from auth.staff import trail_store
from auth.visits import consumer as visits
from common import clock, consumer, ids, limits, sealing, timers
from common.access import Role
from common.errors import TooManyRequests
from common.events.auth import ChallengeBegun, CodeRequested, ContactClaimed, RegistrationRepeated
from common.events.staff import StaffActed
from common.logs import logger

LETTERS = limits.Limit("code-letters", 3, 60 * 60)
PAID_AT_BLOCK = limits.Limit("paid-codes-block", 30, 60 * 60)
PAID = {Channel.SMS, Channel.VOICE}


def write_letter(event: ChallengeBegun) -> None:
    """Queue the letter, once for every challenge."""
    begun = store.find(event.challenge_id)
    if begun is None or begun.letters or not begun.is_open(clock.now()):
        return
    match begun.purpose:
        case Purpose.REGISTRATION:
            _answer_registration(event, begun, accounts.account_by_login(begun.to))
        case Purpose.SIGN_IN | Purpose.RECOVERY:
            _answer_customer(event, begun, accounts.account_by_login(begun.to))
        case Purpose.CONTACT:
            _answer_contact(event, begun, accounts.account_by_login(begun.to))
        case _:
            _send_code(event, begun)


def _answer_registration(event: ChallengeBegun, begun: Challenge, owner: Account | None) -> None:
    """A free contact gets a code, the owner of a taken one a notice; staff hear nothing."""
    if owner is None:
        _send_code(event, begun)
    elif owner.role is Role.CUSTOMER:
        _notify(RegistrationRepeated, event, begun, owner)


def _answer_contact(event: ChallengeBegun, begun: Challenge, owner: Account | None) -> None:
    """As a registration's: whoever asked is answered alike."""
    if owner is None:
        _send_code(event, begun)
    elif owner.role is Role.CUSTOMER:
        _notify(ContactClaimed, event, begun, owner)


def _answer_customer(event: ChallengeBegun, begun: Challenge, owner: Account | None) -> None:
    """A customer gets a code, where they are reached still. Whoever asks from where they are at
    home is not kept from it by strangers who asked before."""
    if owner is None or owner.role is not Role.CUSTOMER:
        return
    reached = profiles.peek(owner.id)
    if reached and begun.to in (reached.email, reached.phone):
        at_home = devices.mark(owner.id, begun.network) in owner.devices
        known = replace(begun, subject_id=owner.id, at_home=at_home)
        _send_code(event, replace(known, password_version=owner.password_version), reached)


def _send_code(event: ChallengeBegun, known: Challenge, reached: Profile | None = None) -> None:
    code = f"{secrets.randbelow(10**codes.DIGITS):0{codes.DIGITS}}"
    text = json.dumps({"to": known.to, "code": code})
    requested = CodeRequested(
        id=ids.derived(event.id, "code_requested"),
        occurred_at=event.occurred_at,
        challenge_id=known.id,
        purpose=known.told_as,
        channel=known.channel.value,
        language=known.language.value,
        letter=sealing.seal(known.id, text),
        customer_id=reached.id if reached else None,
        subject_version=reached.version if reached else 0,
    )
    if _may_write(known):
        code_hash = codes.hashed(known.purpose.value, known.id, code)
        store.mark_lettered(replace(known, code_hash=code_hash), requested)


def _notify(
    kind: type[RegistrationRepeated | ContactClaimed],
    event: ChallengeBegun,
    begun: Challenge,
    owner: Account,
) -> None:
    told = kind(
        id=ids.derived(event.id, kind.name),
        occurred_at=event.occurred_at,
        customer_id=owner.id,
    )
    if _may_write(begun):
        store.mark_lettered(begun, told)


def _may_write(known: Challenge) -> bool:
    """Count a letter, once all else that may fail is done: a try that failed counts for none."""
    try:
        limits.take(LETTERS, known.counted_at)
        if known.channel in PAID:
            limits.take(PAID_AT_BLOCK, phones.block(known.to))
            limits.take(_budget(), "shop")
    except TooManyRequests:
        logger.info("letter withheld", challenge_id=known.id, channel=known.channel.value)
        return False
    return True


def _budget() -> limits.Limit:
    """What the shop spends on codes in an hour at most: then the breaker is open until its end."""
    return limits.Limit("paid-codes", int(os.environ["PAID_CODES_HOURLY"]), 60 * 60)


REACTIONS: consumer.Reactions = {
    ChallengeBegun: write_letter,
    StaffActed: trail_store.keep,
}
DUE: Mapping[str, timers.Fire] = erasure.DUE | profile.DUE | visits.DUE


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS, DUE)
