"""What auth tells."""

from typing import Literal

from pydantic import AwareDatetime, Field

from common.events import Event


class ChallengeBegun(Event):
    """Somebody asked for a code; auth itself looks whose the contact is, and chooses the letter."""

    name = "auth.challenge_begun.v1"

    challenge_id: str


class CodeRequested(Event):
    """A one-time code is to reach somebody. `letter` seals {"to", "code"} for the challenge.

    *purpose* is what the code proves, *channel* how it travels to the address or number sealed.
    """

    name = "auth.code_requested.v1"
    sealed = True

    challenge_id: str
    purpose: Literal["registration", "sign_in", "step_up", "recovery", "contact", "factor"]
    channel: Literal["email", "sms", "voice", "messenger"]
    language: str
    letter: str


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


class PasswordChanged(Event):
    """The customer set a new password: every other session has ended."""

    name = "auth.password_changed.v1"

    customer_id: str


class IdentityLinked(Event):
    """The customer may sign in by an account at *provider* from now on."""

    name = "auth.identity_linked.v1"

    customer_id: str
    provider: str


class IdentityUnlinked(Event):
    """The customer may no longer sign in by their account at *provider*."""

    name = "auth.identity_unlinked.v1"

    customer_id: str
    provider: str


class FactorAdded(Event):
    """The customer's sign-ins ask for a second factor of that *kind* from now on."""

    name = "auth.factor_added.v1"

    customer_id: str
    kind: Literal["totp", "sms", "voice", "messenger", "email"]


class FactorRemoved(Event):
    """A second factor of the customer's is gone: every other session has ended."""

    name = "auth.factor_removed.v1"

    customer_id: str
    kind: Literal["totp", "sms", "voice", "messenger", "email"]


class RecoveryCodeUsed(Event):
    """A recovery code proved the customer, in the place of a second factor; so many are left."""

    name = "auth.recovery_code_used.v1"

    customer_id: str
    left: int


class UnfamiliarSignIn(Event):
    """A customer's session began on a device or at a place that their account had not seen:
    `entry_id` names it in their history, `place` is a coarse network."""

    name = "auth.unfamiliar_sign_in.v1"

    customer_id: str
    entry_id: str
    device: str | None
    place: str
    country: str | None


class SignInHeld(Event):
    """Somebody gave a customer's right password from where their account had not been, and was
    asked for a code: told once a day. `entry_id` names it in their history."""

    name = "auth.sign_in_held.v1"

    customer_id: str
    entry_id: str
    device: str | None
    place: str
    country: str | None


class AccountRecovered(Event):
    """The customer set a new password by a code: every session has ended, and what else opened
    the account was taken off it."""

    name = "auth.account_recovered.v1"

    customer_id: str


class SignedIn(Event):
    """A session of a customer began."""

    name = "auth.signed_in.v1"

    customer_id: str
    session_id: str


class ConsentChanged(Event):
    """A customer gave or withdrew the consent that data of theirs be used for a purpose."""

    name = "auth.consent_changed.v1"

    customer_id: str
    purpose: str
    given: bool
    text_version: int


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


class StaffSignedIn(Event):
    """A session of a member of staff began."""

    name = "auth.staff_signed_in.v1"

    staff_id: str
    session_id: str


class RefreshTokenReused(Event):
    """A refresh token was used again, as after a theft: the customer's session is ended."""

    name = "auth.refresh_token_reused.v1"

    customer_id: str
    session_id: str


class StaffInvited(Event):
    """Somebody is asked to join the staff. `letter` seals {"to", "token"} for the invitation."""

    name = "auth.staff_invited.v1"
    sealed = True

    invitation_id: str
    role: Literal["agent", "manager", "owner"]
    language: str
    letter: str


class StaffJoined(Event):
    """Who was invited is a member of staff: their second factor is set up."""

    name = "auth.staff_joined.v1"

    staff_id: str
    role: Literal["agent", "manager", "owner"]


class StaffRoleChanged(Event):
    """A member of staff has another role; their sessions have ended."""

    name = "auth.staff_role_changed.v1"

    staff_id: str
    role: Literal["agent", "manager", "owner"]
    changed_by: str


class StaffRemoved(Event):
    """Somebody is no member of staff any longer; their sessions have ended."""

    name = "auth.staff_removed.v1"

    staff_id: str
    removed_by: str


class StaffActed(Event):
    """A member of staff changed something, in whatever capability: auth keeps the trail.

    `resource` names the thing by the path's first parts; nothing of the request's body is told.
    """

    name = "auth.staff_acted.v1"

    staff_id: str
    role: str
    verb: str
    path: str
    resource: str
    request_id: str


class ErasureRequested(Event):
    """A customer asked to be erased; until `due_at` they may change their mind."""

    name = "auth.erasure_requested.v1"

    customer_id: str
    erasure_id: str
    due_at: AwareDatetime


class ErasureCancelled(Event):
    """A customer stays: they took the wish to be erased back in time."""

    name = "auth.erasure_cancelled.v1"

    customer_id: str
    erasure_id: str


class ErasureDue(Event):
    """A customer is to be erased: whoever knows what stands against it answers for this `round`."""

    name = "auth.erasure_due.v1"

    customer_id: str
    erasure_id: str
    round: int


class CustomerErased(Event):
    """The account is gone: every capability erases what it has of the customer, and reports."""

    name = "auth.customer_erased.v1"

    customer_id: str
    erasure_id: str


class ErasureFinished(Event):
    """Every capability has reported. `letter` seals {"to"} for the erasure's id: whom to tell is
    known to nobody else by now."""

    name = "auth.erasure_finished.v1"
    sealed = True

    erasure_id: str
    channel: Literal["email", "sms"]
    language: str
    letter: str
