"""Guests: who shops without an account, known by a token that nobody has to store.

A guest's token is `guest.<id>.<HMAC>` under the shop's pepper. The id tells when it was made, and
so when it ends. A guest's things lie where a customer of that id would have them, so that cart and
checkout know one way only; ids are random, so no guest can be anybody else.
"""

import base64
import hmac
import re
from datetime import datetime, timedelta

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common import access, clock, ids, pepper, table
from common.access import Caller, Role
from common.errors import Unauthorized

PREFIX = "guest."
LIFETIME = timedelta(days=90)
MAC_BYTES = 16
FORM = re.compile(r"guest\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{22})")


def token(guest_id: str) -> str:
    return f"{PREFIX}{guest_id}.{_mac(guest_id)}"


def ends_at(guest_id: str) -> datetime:
    """When the guest's token ends; nothing of theirs can be reached from then on."""
    return ids.made_at(guest_id) + LIFETIME


def identify(presented: str, at: datetime) -> str:
    """Whose token it is. Unauthorized unless it is genuine and current."""
    found = FORM.fullmatch(presented)
    if found is None or not hmac.compare_digest(_mac(found[1]), found[2]):
        raise Unauthorized
    if at >= ends_at(found[1]):
        raise Unauthorized
    return found[1]


def shopper(api: BaseRouter) -> Caller:
    """The customer or the guest who calls. Unauthorized without a valid token of either, Forbidden
    for staff."""
    presented = access.bearer(api)
    if presented.startswith(PREFIX):
        return Caller(identify(presented, clock.now()), "", Role.GUEST)
    return access.customer(api)


def get_live(caller: Caller, *keys: tuple[str, str, str]) -> list[table.Item | None]:
    """The items at *keys*, as `table.get_many`. Unauthorized when the caller's session, read in
    the same round trip, has ended; a guest has none that could."""
    if caller.is_guest:
        return table.get_many(*keys)
    session, *items = table.get_many(access.session_key(caller), *keys)
    access.require_live(session)
    return items


def _mac(guest_id: str) -> str:
    digest = pepper.mac("guest", guest_id)[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
