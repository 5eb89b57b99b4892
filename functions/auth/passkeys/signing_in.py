"""Signing in by a passkey: the device offers one, and nobody names a login.

With its user verified it is two proofs at once; otherwise one, and the second step follows where
the account has one.
"""

from datetime import datetime

from auth import store
from auth.account import Account
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, Channel, Purpose
from auth.history import store as history
from auth.history.history import Outcome
from auth.passkeys import ceremony
from auth.passkeys.ceremony import Copied, Json, Unproven
from auth.passkeys.site import Site
from auth.session.session import Device, Session
from auth.sign_in import door
from auth.sign_in.entrance import Entry
from auth.sign_in.problems import WrongPasskey
from common import ids
from common.events.passkeys import PasskeyCopied
from common.language import Language

# Proof of possession of a key (RFC 8176).
METHOD = "pop"


def begin(language: Language, network: str, at: datetime) -> Challenge:
    """The challenge that some passkey is to meet. It looks at no account."""
    begun = Challenge(
        id=ids.new(at),
        purpose=Purpose.PASSKEY_SIGN_IN,
        channel=Channel.NONE,
        to="",
        language=language,
        network=network,
        begun_at=at,
    )
    challenges.add(begun)
    return begun


def by_passkey(
    challenge_id: str, credential: Json, site: Site, shown: door.Shown, at: datetime
) -> Session:
    """A session that has begun, for whoever has the passkey. WrongPasskey, or NotProven as of
    `door.admit`."""
    begun = challenges.find_open(challenge_id, Purpose.PASSKEY_SIGN_IN, at)
    account = store.account_by_passkey(credential["id"]) if begun else None
    # A device that offers a passkey by itself says whose it is (WebAuthn §7.2, step 6).
    if begun is None or account is None or not credential["response"].get("userHandle"):
        raise WrongPasskey
    entry = _entry(begun, account, credential, site, shown, at)
    try:
        return door.admit(account, entry, shown, at, challenges.consume(begun, at))
    except store.Refused as used:
        raise WrongPasskey from used


def _entry(
    begun: Challenge,
    account: Account,
    credential: Json,
    site: Site,
    shown: door.Shown,
    at: datetime,
) -> Entry:
    try:
        proven = ceremony.shown(site, begun, account, credential)
    except Unproven as refused:
        if isinstance(refused, Copied):
            _tell(account, shown.device, at)
        raise WrongPasskey from refused
    amr = (METHOD, "mfa") if proven.verified else (METHOD,)
    return Entry(shown.network, shown.device, amr, passkey=proven.use)


def _tell(account: Account, device: Device, at: datetime) -> None:
    """The owner hears once a day that somebody has a copy of a passkey."""
    event = PasskeyCopied(
        id=ids.new(at),
        occurred_at=at,
        customer_id=account.id,
        entry_id=history.daily(account, Outcome.PASSKEY_REFUSED, at),
        device=device.name or device.platform,
        place=device.place,
        country=device.country,
    )
    history.count(account, Outcome.PASSKEY_REFUSED, device, at, event)
