"""How a passkey is added: asked for by somebody who has just proven to be there, made by their
device for this one challenge, and nobody else's."""

from datetime import datetime

from auth import owner, store
from auth.account import Account, Passkey
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, Channel, Purpose
from auth.passkeys import ceremony, passkeys
from auth.passkeys.ceremony import Json, Made, Unproven
from auth.passkeys.passkeys import NotAPasskey
from auth.passkeys.site import Site
from common import access, ids, limits, outbox
from common.access import Act, Caller
from common.events.passkeys import PasskeyAdded
from common.language import Language

ADDITIONS = limits.Limit("passkeys", 20, 60 * 60)


def begin(
    caller: Caller, language: Language, network: str, at: datetime
) -> tuple[Challenge, Account]:
    """Begin to add a passkey to the account that is answered too. StepUpRequired without a fresh
    proof, TooManyPasskeys."""
    account, session = store.account_and_session(caller)
    access.require_proof(session, Act.FACTORS, at)
    owned = owner.live(account, caller)
    passkeys.require_room(owned)
    limits.take(ADDITIONS, caller.id)
    begun = Challenge(
        id=ids.new(at),
        purpose=Purpose.PASSKEY,
        channel=Channel.NONE,
        to="",
        language=language,
        network=network,
        begun_at=at,
        subject_id=caller.id,
        session_id=caller.session_id,
    )
    challenges.add(begun)
    return begun, owned


def finish(
    caller: Caller, challenge_id: str, credential: Json, name: str, site: Site, at: datetime
) -> Passkey:
    """Add the passkey that a device has made, by *name*; what was added before is answered again.

    NotAPasskey, PasskeyTaken, TooManyPasskeys.
    """
    account = owner.own(caller)
    if earlier := account.passkey(challenge_id):
        return earlier
    begun = challenges.find_open(challenge_id, Purpose.PASSKEY, at, caller.session_id)
    if begun is None:
        raise NotAPasskey
    try:
        passkey = _passkey(begun, ceremony.made(site, begun, credential), name, at)
        return store.persist(account, lambda found: _add(caller, found, begun, passkey))
    except store.PasskeyTaken as taken:
        raise passkeys.PasskeyTaken from taken
    except (Unproven, store.Refused) as refused:
        raise NotAPasskey from refused


def _add(caller: Caller, found: Account, begun: Challenge, passkey: Passkey) -> Passkey:
    if earlier := owner.live(found, caller).passkey(passkey.id):
        return earlier
    at = passkey.added_at
    event = PasskeyAdded(id=ids.new(at), occurred_at=at, customer_id=found.id, called=passkey.name)
    after = passkeys.added(found, passkey)
    store.change_account(found, after, challenges.consume(begun, at), outbox.row(event))
    return passkey


def _passkey(begun: Challenge, made: Made, name: str, at: datetime) -> Passkey:
    return Passkey(
        id=begun.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        added_at=at,
        synced=made.synced,
    )
