"""How a recovery is asked for and carried out.

Asking does the same work whoever the login belongs to, and nobody's: one transaction. auth's
consumer looks later, and writes to customers only.
"""

from datetime import datetime

from auth import devices, store
from auth.account import Account
from auth.challenge import proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.contacts import contact
from auth.contacts import store as contacts
from auth.password import passwords
from auth.recovery import recovery
from common import ids, outbox
from common.events.sign_in import AccountRecovered
from common.language import Language


def ask(
    login: str, language: Language, network: str, key: str | None, at: datetime
) -> tuple[Challenge, bool]:
    """The challenge by which whoever has *login* may set a password, and whether an earlier call
    under *key* began it."""
    challenge = begun(
        proof.identity(Purpose.RECOVERY, key, login, at), login, language, network, at
    )
    return challenge, proof.begin(challenge)


def begun(id_: str, login: str, language: Language, network: str, at: datetime) -> Challenge:
    return Challenge(
        id=id_,
        purpose=Purpose.RECOVERY,
        channel=Channel.EMAIL if "@" in login else Channel.SMS,
        to=login,
        language=language,
        network=network,
        begun_at=at,
    )


def recover(challenge_id: str, code: str, password: str, shop: str, at: datetime) -> None:
    """Make *password* the account's, for whoever got the code, and end all that was open.

    ChallengeOver, or what `proof.prove` raises; Invalid for a password easily guessed, which
    leaves the code as good as it was.
    """
    proven = proof.prove(challenge_id, Purpose.RECOVERY, code, at)
    account = _account(proven)
    hashed = _hashed(account, password, shop)

    def attempt(found: Account) -> None:
        if proven.to not in found.logins or not recovery.is_for(proven, found):
            raise ChallengeOver
        home = devices.mark(found.id, proven.network)
        after = recovery.recovered(found, proven.to, hashed, home)
        told = outbox.row(_recovered(found, after, at))
        contacts.change_and_end(found, after, at, challenges.consume(proven, at), told)

    try:
        store.persist(account, attempt)
    except store.Changed as gone:
        raise ChallengeOver from gone
    except store.Refused as refused:
        raise proof.why_not_used(proven) from refused


def _hashed(account: Account, password: str, shop: str) -> str:
    for login in account.logins:
        passwords.require_unguessable("body.new_password", password, (shop, login))
    return passwords.hashed(password)


def _recovered(before: Account, after: Account, at: datetime) -> AccountRecovered:
    off = contact.taken_off(before, after)
    return AccountRecovered(id=ids.new(at), occurred_at=at, customer_id=before.id, taken_off=off)


def _account(proven: Challenge) -> Account:
    account = store.account_by_login(proven.to)
    if account is None or not recovery.is_for(proven, account):
        raise ChallengeOver
    return account
