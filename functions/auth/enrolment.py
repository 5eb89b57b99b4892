"""Enrolment: from an address somebody claims to a customer who is signed in.

Asking does the same work whoever owns the address: one hash, one transaction, one letter, which
auth's consumer chooses later. What is answered therefore tells nothing about the address.
"""

from datetime import datetime
from uuid import UUID

from auth import codes, passwords, registration, store
from auth.claim import Claim
from auth.registration import (
    MOST_ATTEMPTS,
    AddressTaken,
    Registration,
    RegistrationOver,
    WrongCode,
)
from auth.sessions import Session
from common import contacts, ids, pepper
from common.access import Role
from common.errors import KeyReused
from common.events import Event
from common.events.auth import ContactChanged, CustomerRegistered, RegistrationRequested
from common.language import Language

NO_TIME = str(UUID(int=0))


def ask(
    email: str, password: str, language: Language, time_zone: str, key: str | None, at: datetime
) -> tuple[Registration, bool]:
    """The registration that the call asks for, and whether an earlier call under *key* did.

    KeyReused when that one asked for something else.
    """
    id_, salt = _identity(key, email, at)
    hashed = passwords.hashed(password, salt)
    asked = Registration(id_, email, hashed, language, time_zone, requested_at=at)
    event = RegistrationRequested(id=ids.new(at), occurred_at=at, registration_id=id_)
    earlier = store.add_registration(asked, event)
    if earlier and not earlier.asks_the_same(asked):
        raise KeyReused
    return asked, earlier is not None


def prove(registration_id: str, code: str, at: datetime) -> Registration:
    """The registration whose code *code* is; the attempt counts before it is compared."""
    try:
        asked = store.count_attempt(registration_id, at)
    except store.Refused as refused:
        raise registration.why_refused(refused.found, at) from refused
    if not codes.matches(asked.code_hash, asked.id, code):
        raise WrongCode(attempts_left=MOST_ATTEMPTS - asked.attempts)
    return asked


def complete(asked: Registration, source: str, at: datetime) -> Session:
    """Make the proven registration a customer, signed in from *source*."""
    customer_id = ids.new(at)
    claim = Claim(asked.email, customer_id, Role.CUSTOMER, asked.password_hash, sources=(source,))
    session = Session(ids.new(at), customer_id, Role.CUSTOMER, started_at=at)
    try:
        store.register(asked, claim, session, *_told(asked, customer_id, at))
    except store.Refused as refused:
        raise (AddressTaken if refused.found == "claim" else RegistrationOver) from refused
    return session


def _identity(key: str | None, email: str, at: datetime) -> tuple[str, bytes | None]:
    """The registration's id and its password's salt.

    Under a key both follow from it, so that a repeated call meets its own row and the same
    password makes the same hash; without the pepper nobody can foresee either.
    """
    if key is None:
        return ids.new(at), None
    id_ = ids.derived(NO_TIME, pepper.mac("registration", key, email).hex())
    return id_, pepper.mac("registration-salt", key, email)[: passwords.SALT_BYTES]


def _told(asked: Registration, customer_id: str, at: datetime) -> tuple[Event, Event]:
    registered = CustomerRegistered(
        id=ids.new(at),
        occurred_at=at,
        customer_id=customer_id,
        contact_keys=(contacts.key("email", asked.email),),
    )
    contact = ContactChanged(
        id=ids.new(at),
        occurred_at=at,
        subject_version=1,
        customer_id=customer_id,
        email=asked.email,
        language=asked.language.value,
        time_zone=asked.time_zone,
    )
    return registered, contact
