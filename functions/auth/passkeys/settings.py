"""What the owner of an account does with its passkeys, once they are there."""

from datetime import datetime

from auth import store
from auth.account import Account, Passkey
from auth.factors.settings import end_others
from auth.owner import live, own
from auth.passkeys import passkeys
from common import access, ids
from common.access import Act, Caller
from common.events.passkeys import PasskeyRemoved


def rename(caller: Caller, passkey_id: str, name: str) -> Passkey:
    """Call a passkey otherwise. NotFound."""

    def attempt(found: Account) -> Passkey:
        after = passkeys.renamed(live(found, caller), passkey_id, name)
        if after != found:
            store.change_account(found, after)
        return passkeys.found(after, passkey_id)

    return store.persist(own(caller), attempt)


def remove(caller: Caller, passkey_id: str, at: datetime) -> None:
    """Take a passkey away and end all other sessions, for some may have begun by it. NotFound,
    LastWayIn; StepUpRequired without a fresh proof."""
    account, session = store.account_and_session(caller)
    owner = live(account, caller)
    passkeys.found(owner, passkey_id)
    access.require_proof(session, Act.FACTORS, at)

    def attempt(found: Account) -> None:
        gone = passkeys.found(live(found, caller), passkey_id)
        event = PasskeyRemoved(
            id=ids.new(at), occurred_at=at, customer_id=found.id, called=gone.name
        )
        end_others(caller, found, passkeys.removed(found, passkey_id), at, [event])

    store.persist(owner, attempt)
