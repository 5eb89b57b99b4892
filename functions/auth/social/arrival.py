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
from auth.social import store as flows
from auth.social.flow import Flow, FlowOver, Person
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


def session(
    person: Person, flow: Flow, shown: Shown, manners: Manners, at: datetime
) -> Session | None:
    """A session that has begun for *person*, whom *flow* showed and which is over by it; None
    where an account must be proven first. FlowOver, or NotProven as of `door.admit`."""
    used = flows.use(flow, at)
    try:
        account = _linked(person) or _registered(person, used, shown, manners, at)
        if account is None or isinstance(account, Session):
            return account
        return door.admit(account, Entry(shown.network, shown.device, (AMR,)), shown, at, used)
    except store.Refused as over:
        raise FlowOver from over


def identity(person: Person, at: datetime) -> Identity:
    return Identity(person.issuer, person.subject, person.provider, at)


def _linked(person: Person) -> Account | None:
    return store.account_by_identity(person.issuer, person.subject)


def _registered(
    person: Person, used: store.Write, shown: Shown, manners: Manners, at: datetime
) -> Session | Account | None:
    """A new customer's first session; the account of *person* who arrived twice at once; None
    where there is no address that is theirs and nobody's yet."""
    if person.email is None:
        return None
    try:
        return _begun(person, person.email, used, shown, manners, at)
    except store.IdentityTaken:
        return _linked(person)
    except store.LoginTaken:
        return None


def _begun(
    person: Person, email: str, used: store.Write, shown: Shown, manners: Manners, at: datetime
) -> Session:
    id_ = ids.new(at)
    account = Account(
        id=id_,
        role=Role.CUSTOMER,
        logins=(email,),
        identities=(identity(person, at),),
        devices=(devices.mark(id_, shown.network),),
    )
    session = Session(ids.new(at), id_, Role.CUSTOMER, at, shown.device, amr=(AMR,))
    profile = {"language": manners.language.value, "time_zone": manners.time_zone}
    named = {"name": person.name, "provider_picture": person.picture}
    profile |= {name: told for name, told in named.items() if told}
    events = enrolment.told(account, session, manners.language, manners.time_zone)
    registration.add(account, session, profile, used, *map(outbox.row, events))
    return session
