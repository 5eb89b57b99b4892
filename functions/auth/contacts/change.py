"""How a contact is added, changed and removed: by whoever has just proven to be the owner."""

from dataclasses import dataclass
from datetime import datetime

from auth import owner
from auth import store as accounts
from auth.account import Account
from auth.challenge import proof
from auth.challenge import store as challenges
from auth.challenge.challenge import Challenge, Channel, Purpose
from auth.contacts import contact, store
from auth.contacts.contact import ContactKnown, LastContact
from auth.registration.registration import ContactTaken
from common import access, ids, limits
from common.access import Act, Caller
from common.contacts import Kind
from common.errors import Busy, Unauthorized
from common.events.auth import ContactClaimed
from common.language import Language

# Of one account. Each change can be undone for a week, and is kept in the account until then.
CHANGES = limits.Limit("contact-changes", 10, 7 * 24 * 60 * 60)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The contact that somebody wants to have in their account, in its one form."""

    contact: str
    language: Language
    network: str


def ask(caller: Caller, wanted: Wanted, key: str, at: datetime) -> tuple[Challenge, bool]:
    """The challenge that proves the contact, and whether an earlier call under *key* began it.

    It looks at nobody's claim: what is answered tells nothing about the contact.
    """
    account = _proven(caller, at)
    if wanted.contact in account.logins:
        raise ContactKnown
    limits.take(CHANGES, account.id)
    challenge = Challenge(
        id=proof.identity(Purpose.CONTACT, key, caller.session_id, at),
        purpose=Purpose.CONTACT,
        channel=Channel.EMAIL if "@" in wanted.contact else Channel.SMS,
        to=wanted.contact,
        language=wanted.language,
        network=wanted.network,
        begun_at=at,
        subject_id=account.id,
        session_id=caller.session_id,
    )
    return challenge, proof.begin(challenge)


def confirm(caller: Caller, challenge_id: str, code: str, at: datetime) -> Account:
    """The account with the contact that *code* proves; as it is when that was done before.
    ContactTaken where somebody else has it by now, or had it then."""
    begun = proof.attempt_unless_met(challenge_id, Purpose.CONTACT, at, caller.session_id)
    if begun is None:
        return _taken_over(owner.own(caller), challenges.find(challenge_id))
    return _take_over(caller, proof.met(begun, code), at)


def _taken_over(account: Account, met: Challenge | None) -> Account:
    if met and not contact.has_had(account, met.to):
        raise ContactTaken
    return account


def remove(caller: Caller, kind: Kind, at: datetime) -> None:
    """Take the contact of that *kind* away; nothing happens when there is none. LastContact."""

    def attempt(found: Account) -> None:
        owner.live(found, caller)
        if contact.of_kind(found, kind) is None:
            return
        if len(found.logins) == 1:
            raise LastContact
        after = contact.changed(found, kind, None, ids.new(at), at)
        store.change(found, after, at)

    account = _proven(caller, at)
    if contact.of_kind(account, kind):
        limits.take(CHANGES, account.id)
    try:
        accounts.persist(account, attempt)
    except accounts.Refused as meanwhile:
        raise Busy from meanwhile


def _take_over(caller: Caller, proven: Challenge, at: datetime) -> Account:
    kind, change_id = contact.kind_of(proven.to), ids.new(at)

    def attempt(found: Account) -> Account:
        owner.live(found, caller)
        after = contact.changed(found, kind, proven.to, change_id, at)
        store.change(found, after, at, challenges.consume(proven, at))
        return after

    try:
        return accounts.persist(owner.own(caller), attempt)
    except accounts.LoginTaken as taken:
        _tell_owner(proven, at)
        raise ContactTaken from taken
    except accounts.Refused as refused:
        raise proof.why_not_used(proven) from refused


def _tell_owner(proven: Challenge, at: datetime) -> None:
    """The contact was taken meanwhile: whoever has it hears of this try, and it is over."""
    owner = accounts.account_by_login(proven.to)
    if owner and owner.role is access.Role.CUSTOMER:
        claimed = ContactClaimed(id=ids.new(at), occurred_at=at, customer_id=owner.id)
        store.tell_owner(claimed, challenges.consume(proven, at))


def _proven(caller: Caller, at: datetime) -> Account:
    account, session = accounts.account_and_session(caller)
    access.require_proof(session, Act.CONTACT, at)
    if account is None:
        raise Unauthorized
    return account
