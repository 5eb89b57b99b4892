"""Enrolment: from a contact somebody claims to a customer who is signed in.

Asking does the same work whoever the contact belongs to: one hash if there is a password, one
transaction, one letter, which auth's consumer chooses later. What is answered therefore tells
nothing about the contact.
"""

from datetime import datetime

from auth import devices
from auth import store as accounts
from auth.account import Account
from auth.challenge import proof
from auth.challenge.challenge import Challenge, ChallengeOver, Channel, Purpose
from auth.password import passwords
from auth.registration import store
from auth.registration.registration import ContactTaken, Wanted
from auth.session.session import Device, Session
from common import contacts, ids, pepper
from common.access import Role
from common.events import Event
from common.events.auth import ContactChanged, CustomerRegistered
from common.language import Language


def ask(wanted: Wanted, key: str | None, at: datetime) -> tuple[Challenge, bool]:
    """The challenge that proves the contact, and whether an earlier call under *key* began it.

    KeyReused when that one asked for something else.
    """
    hashed = wanted.password and passwords.hashed(wanted.password, _salt(key, wanted.login))
    challenge = Challenge(
        id=proof.identity(Purpose.REGISTRATION, key, wanted.login, at),
        purpose=Purpose.REGISTRATION,
        channel=Channel.EMAIL if "@" in wanted.login else Channel.SMS,
        to=wanted.login,
        language=wanted.language,
        network=wanted.network,
        begun_at=at,
        about={"password_hash": hashed, "time_zone": wanted.time_zone},
    )
    return challenge, proof.begin(challenge)


def complete(proven: Challenge, device: Device, at: datetime) -> Session:
    """Make whoever has *proven* the contact a customer, signed in on *device*."""
    customer_id = ids.new(at)
    amr = "otp" if proven.about["password_hash"] is None else "pwd"
    session = Session(ids.new(at), customer_id, Role.CUSTOMER, at, device, amr=(amr,))
    account = Account(
        id=customer_id,
        role=Role.CUSTOMER,
        logins=(proven.to,),
        password_hash=proven.about["password_hash"],
        devices=(devices.mark(customer_id, proven.network),),
        seen=devices.origin(customer_id, device).marks,
    )
    events = told(account, session, proven.language, proven.about["time_zone"])
    try:
        store.register(proven, account, session, *events)
    except accounts.LoginTaken as taken:
        raise ContactTaken from taken
    except accounts.Refused as confirmed:
        raise ChallengeOver from confirmed
    return session


def _salt(key: str | None, login: str) -> bytes | None:
    """Under a key it follows from it, so that the same password makes the same hash."""
    if key is None:
        return None
    return pepper.mac("registration-salt", key, login)[: passwords.SALT_BYTES]


def told(
    account: Account, session: Session, language: Language, time_zone: str
) -> tuple[Event, Event]:
    """What the others hear of a customer who has just been made."""
    at = session.started_at
    known: list[tuple[contacts.Kind, str | None]]
    known = [("email", account.email), ("phone", account.phone)]
    registered = CustomerRegistered(
        id=ids.new(at),
        occurred_at=at,
        customer_id=account.id,
        session_id=session.id,
        contact_keys=tuple(contacts.key(kind, contact) for kind, contact in known if contact),
    )
    reached = ContactChanged(
        id=ids.new(at),
        occurred_at=at,
        subject_version=1,
        customer_id=account.id,
        email=account.email,
        phone=account.phone,
        language=language.value,
        time_zone=time_zone,
    )
    return registered, reached
