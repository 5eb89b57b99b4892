"""The two ceremonies of WebAuthn: a device makes a passkey, or proves by one. Words and checks of
the protocol are the library's.

The challenge that a device signs follows from a row's id and purpose under the pepper: it is good
as long as that row is, once, and nothing of it is stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auth.account import Account, Passkey, PasskeyUse
from auth.challenge.challenge import Challenge
from auth.passkeys.site import Site
from common import pepper

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication

Json = dict[str, Any]


class Unproven(Exception):
    """What the device showed proves nothing."""


class Copied(Unproven):
    """It proves that there are two of the passkey: its counter went back."""


@dataclass(frozen=True, slots=True)
class Made:
    """A credential that a device has made; its id and public key in base64url."""

    credential_id: str
    public_key: str
    sign_count: int
    synced: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was used, and whether the device made sure of its user (PIN, finger, face):
    then it is two proofs at once."""

    use: PasskeyUse
    verified: bool


def to_make(site: Site, begun: Challenge, account: Account) -> Json:
    """What the device of *account*'s owner is asked to make: a passkey that it can offer by
    itself, and that it has not got yet."""
    import webauthn
    from webauthn.helpers import structs

    name = account.logins[0] if account.logins else account.id
    selection = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED,
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name=site.name,
        user_name=name,
        user_id=_handle(account),
        challenge=_bytes(begun),
        timeout=_milliseconds(begun),
        authenticator_selection=selection,
        exclude_credentials=_descriptors(account),
    )
    return _json(webauthn.options_to_json(options))


def to_prove(
    site: Site, begun: Challenge, account: Account | None = None, *, verified: bool = False
) -> Json:
    """What a device is asked to prove by: a passkey of *account*'s, or any that it has for the
    shop. It must make sure of its user where that is to be *verified*, and is asked to elsewhere.
    """
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement as Wanted

    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=_bytes(begun),
        timeout=_milliseconds(begun),
        allow_credentials=_descriptors(account) if account else None,
        user_verification=Wanted.REQUIRED if verified else Wanted.PREFERRED,
    )
    return _json(webauthn.options_to_json(options))


def made(site: Site, begun: Challenge, credential: Json) -> Made:
    """The passkey that a device has made for *begun*. Unproven."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url

    try:
        told = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=_bytes(begun),
            expected_rp_id=site.domain,
            expected_origin=list(site.origins),
        )
    except _refusals() as refused:
        raise Unproven from refused
    return Made(
        credential_id=bytes_to_base64url(told.credential_id),
        public_key=bytes_to_base64url(told.credential_public_key),
        sign_count=told.sign_count,
        synced=told.credential_backed_up,
    )


def shown(
    site: Site, begun: Challenge, account: Account, credential: Json, *, verified: bool = False
) -> Shown:
    """The passkey of *account*'s by which a device has proven for *begun*. Unproven; Copied where
    nothing but its counter is wrong."""
    passkey = account.passkey_of(credential["id"])
    if passkey is None or not _is_of(account, credential["response"]):
        raise Unproven
    told = _verified(site, begun, passkey, credential, verified)
    if not passkey.may_count(told.new_sign_count):
        raise Copied
    used = PasskeyUse(passkey.id, told.new_sign_count, told.credential_backed_up)
    return Shown(used, told.user_verified)


def _verified(
    site: Site, begun: Challenge, passkey: Passkey, credential: Json, verified: bool
) -> "VerifiedAuthentication":
    import webauthn
    from webauthn.helpers import base64url_to_bytes

    try:
        return webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_bytes(begun),
            expected_rp_id=site.domain,
            expected_origin=list(site.origins),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            # The caller looks at it: the library would before it knows the signature to be right.
            credential_current_sign_count=0,
            require_user_verification=verified,
        )
    except _refusals() as refused:
        raise Unproven from refused


def _refusals() -> tuple[type[Exception], ...]:
    """What the library raises of bytes that somebody made up."""
    from webauthn.helpers.exceptions import WebAuthnException

    return WebAuthnException, ValueError, LookupError, TypeError, AttributeError


def _is_of(account: Account, response: Mapping[str, Any]) -> bool:
    """Whether the device knows the account as ours, where it says so."""
    from webauthn.helpers import bytes_to_base64url

    told = response.get("userHandle")
    return told is None or told == bytes_to_base64url(_handle(account))


def _handle(account: Account) -> bytes:
    return account.id.encode()


def _bytes(begun: Challenge) -> bytes:
    return pepper.mac("passkey", begun.purpose.value, begun.id)


def _milliseconds(begun: Challenge) -> int:
    return int(begun.valid_for.total_seconds() * 1000)


def _descriptors(account: Account) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    ids = (base64url_to_bytes(passkey.credential_id) for passkey in account.passkeys)
    return [PublicKeyCredentialDescriptor(id=id_) for id_ in ids]


def _json(text: str) -> Json:
    parsed: Json = json.loads(text)
    return parsed
