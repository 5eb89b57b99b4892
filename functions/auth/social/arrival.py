"""Arrival: somebody whom a provider showed signs in, is made a customer, or is asked for proof.

Who they are is issuer and subject, never the address. An address that the provider says is theirs
makes an account where nobody has it; where somebody has, nothing is linked before that account's
own proof: the provider's account may be newer than the mailbox's owner.
"""

from dataclasses import dataclass
from datetime import datetime

from auth import devices, store
from auth.account import Account, Identity
from auth.registration import enrolment
from auth.registration import store as registration
from auth.session.session import Session
from auth.sign_in import door
from auth.sign_in.door import Shown
from auth.sign_in.entrance import Entry
from auth.social.flow import Person
from common import ids, outbox
from common.access import Role
from common.errors import Problem
from common.language import Language, Text

AMR = "fed"


class LinkProofNeeded(Problem):
    """No account is linked to this person yet. Whoever signs in to theirs, or registers, within
    ten minutes links it by `POST /v1/auth/identities` with `linking_id`."""

    status = 409
    code = "link_proof_needed"
    title = Text(
        ru="Войдите в свой аккаунт или зарегистрируйтесь: тогда мы привяжем к нему этот вход.",
        en="Sign in to your account or register: then this way of signing in is linked to it.",
    )


@dataclass(frozen=True, slots=True)
class Manners:
    """How a customer who is new here is spoken to."""

    language: Language
    time_zone: str


def session(person: Person, shown: Shown, manners: Manners, at: datetime) -> Session | None:
    """A session that has begun for *person*; None where an account must be proven first.

    NotProven as of `door.admit`.
    """
    account = _linked(person)
    if account is None and person.email:
        try:
            return _registered(person, shown, manners, at)
        except store.IdentityTaken:
            account = _linked(person)  # the same person arrived twice at once
        except store.LoginTaken:
            return None
    if account is None:
        return None
    entry = Entry(shown.network, shown.device, (AMR,))
    return door.admit(account, entry, shown, at)


def identity(person: Person, at: datetime) -> Identity:
    return Identity(person.issuer, person.subject, person.provider, at)


def _linked(person: Person) -> Account | None:
    return store.account_by_identity(person.issuer, person.subject)


def _registered(person: Person, shown: Shown, manners: Manners, at: datetime) -> Session:
    """A new customer's first session."""
    id_ = ids.new(at)
    account = Account(
        id=id_,
        role=Role.CUSTOMER,
        logins=(str(person.email),),
        identities=(identity(person, at),),
        devices=(devices.mark(id_, shown.network),),
    )
    session = Session(ids.new(at), id_, Role.CUSTOMER, at, shown.device, amr=(AMR,))
    profile = {"language": manners.language.value, "time_zone": manners.time_zone}
    named = {"name": person.name, "provider_picture": person.picture}
    profile |= {name: told for name, told in named.items() if told}
    events = enrolment.told(account, session, manners.language, manners.time_zone)
    registration.add(account, session, profile, *map(outbox.row, events))
    return session
