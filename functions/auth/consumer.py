"""What auth does by itself: letters for registrations, and what its timers wait for.

A free address gets a code, the owner of a taken one a notice. Beyond a few letters an hour an
address gets none, silently: nobody is to be flooded.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from auth import codes, store
from auth.claim import Claim
from auth.profile import consumer as profile
from auth.registration import Registration
from auth.visits import consumer as visits
from common import clock, consumer, ids, limits, sealing, timers
from common.access import Role
from common.errors import TooManyRequests
from common.events.auth import CodeRequested, RegistrationRepeated, RegistrationRequested
from common.logs import logger

PER_ADDRESS = limits.Limit("registration-letters", 3, 60 * 60)


def write_letter(event: RegistrationRequested) -> None:
    """Queue the letter, once for every registration."""
    asked = store.registration(event.registration_id)
    if asked is None or asked.lettered or not asked.is_open(clock.now()):
        return
    owner = store.claim(asked.email)
    if owner is None:
        _send_code(event, asked)
    elif owner.role is Role.CUSTOMER:
        _notify(event, asked, owner)


def _send_code(event: RegistrationRequested, asked: Registration) -> None:
    code = f"{secrets.randbelow(10**codes.DIGITS):0{codes.DIGITS}}"
    text = json.dumps({"to": asked.email, "code": code})
    started = CodeRequested(
        id=ids.derived(event.id, "code_requested"),
        occurred_at=event.occurred_at,
        challenge_id=asked.id,
        purpose="registration",
        channel="email",
        language=asked.language.value,
        letter=sealing.seal(asked.id, text),
    )
    if _may_write_to(asked):
        store.mark_lettered(asked, clock.now(), codes.hashed(asked.id, code), started)


def _notify(event: RegistrationRequested, asked: Registration, owner: Claim) -> None:
    repeated = RegistrationRepeated(
        id=ids.derived(event.id, "registration_repeated"),
        occurred_at=event.occurred_at,
        customer_id=owner.subject_id,
    )
    if _may_write_to(asked):
        store.mark_lettered(asked, clock.now(), None, repeated)


def _may_write_to(asked: Registration) -> bool:
    """Count a letter, once all else that may fail is done: a try that failed counts for none."""
    try:
        limits.take(PER_ADDRESS, asked.email)
    except TooManyRequests:
        logger.info("letter withheld", registration_id=asked.id)
        return False
    return True


REACTIONS: consumer.Reactions = {RegistrationRequested: write_letter}
DUE: Mapping[str, timers.Fire] = profile.DUE | visits.DUE


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.consume(event, context, REACTIONS, DUE)
