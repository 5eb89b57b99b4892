"""What auth tells."""

from typing import Literal

from pydantic import Field

from common.events import Event


class ChallengeBegun(Event):
    """Somebody asked for a code; auth itself looks whose the contact is, and chooses the letter."""

    name = "auth.challenge_begun.v1"

    challenge_id: str


class CodeRequested(Event):
    """A one-time code is to reach somebody. `letter` seals {"to", "code"} for the challenge.

    *purpose* is what the code proves, *channel* how it travels to the address or number sealed.
    Where that is a login of *customer_id*, it was so at *subject_version* of their contacts.
    """

    name = "auth.code_requested.v1"
    sealed = True

    challenge_id: str
    purpose: Literal["registration", "sign_in", "step_up", "recovery", "contact", "factor"]
    channel: Literal["email", "sms", "voice", "messenger"]
    language: str
    letter: str
    customer_id: str | None = None


class RegistrationRepeated(Event):
    """Somebody asked for an account with the address or the phone of this customer."""

    name = "auth.registration_repeated.v1"

    customer_id: str


class ContactClaimed(Event):
    """Somebody wanted the address or the phone of this customer for their own account."""

    name = "auth.contact_claimed.v1"

    customer_id: str


class ContactUndoOffered(Event):
    """Whoever had a contact before it changed is to hear how to undo that. `letter` seals
    {"to", "token"} for the challenge, which is the change."""

    name = "auth.contact_undo_offered.v1"
    sealed = True

    challenge_id: str
    channel: Literal["email", "sms"]
    language: str
    letter: str


class ContactsProven(Event):
    """The customer has proven other contacts than before: the keys of all they have now."""

    name = "auth.contacts_proven.v1"

    customer_id: str
    contact_keys: tuple[str, ...] = Field(max_length=2)


class CustomerRegistered(Event):
    """An account exists: its contact is proven and the customer is signed in.

    `contact_keys` are those of `common.contacts`: they tell who else gave the same contact, and
    nothing about it.
    """

    name = "auth.customer_registered.v1"

    customer_id: str
    session_id: str | None = None
    contact_keys: tuple[str, ...] = ()


class CustomerImported(Event):
    """An account exists that another shop's was brought to: nobody has proven its contacts.

    `marketing` is whether the customer had agreed to hear of offers and news.
    """

    name = "auth.customer_imported.v1"

    customer_id: str
    marketing: bool = False


class ContactChanged(Event):
    """The customer's contact points, all of them, as proven now."""

    name = "auth.contact_changed.v1"
    contacts = True

    customer_id: str
    email: str | None
    phone: str | None = None
    language: str
    time_zone: str


class ProfileChanged(Event):
    """A customer changed what they tell of themselves: `fields` says what, not to what."""

    name = "auth.profile_changed.v1"

    customer_id: str
    fields: tuple[str, ...] = Field(max_length=20)


class ConsentChanged(Event):
    """A customer gave or withdrew the consent that data of theirs be used for a purpose."""

    name = "auth.consent_changed.v1"

    customer_id: str
    purpose: str
    given: bool
    text_version: int


class FirstSuccess(Event):
    """The customer has set up their account and placed a first order: told once."""

    name = "auth.first_success.v1"

    customer_id: str


class SegmentFactsChanged(Event):
    """What segments may know of a customer: nothing unless `consented`."""

    name = "auth.segment_facts_changed.v1"

    customer_id: str
    consented: bool
    age_band: str | None
    interests: tuple[str, ...] = Field(max_length=20)
    needs: tuple[str, ...] = Field(max_length=20)


class BirthdayReached(Event):
    """It is the customer's birthday, by their own clock: `day`, whenever this is told."""

    name = "auth.birthday_reached.v1"

    customer_id: str
    day: str


class CustomerInactive(Event):
    """A customer has not been here for as many days as the shop wants to hear of."""

    name = "auth.customer_inactive.v1"

    customer_id: str
    days: int
