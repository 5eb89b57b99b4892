"""What auth tells of how customers get in."""

from typing import Literal

from common.events import Event


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
    the account was taken off it; `taken_off` is which contact, where one was attached later than
    the one that the code went to."""

    name = "auth.account_recovered.v1"

    customer_id: str
    taken_off: Literal["email", "phone"] | None = None


class SignedIn(Event):
    """A session of a customer began."""

    name = "auth.signed_in.v1"

    customer_id: str
    session_id: str


class RefreshTokenReused(Event):
    """A refresh token was used again, as after a theft: the customer's session is ended."""

    name = "auth.refresh_token_reused.v1"

    customer_id: str
    session_id: str
