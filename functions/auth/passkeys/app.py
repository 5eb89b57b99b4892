"""HTTP routes of passkeys."""

import os
from http import HTTPStatus
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime, Field, StringConstraints

from auth import answers, client
from auth.account import Passkey
from auth.challenge.challenge import Challenge
from auth.client import DeviceName
from auth.owner import own
from auth.passkeys import adding, ceremony, proving, settings, signing_in
from auth.passkeys import site as sites
from auth.passkeys.ceremony import Json
from auth.passkeys.passkeys import NAMELESS
from auth.passkeys.site import Site
from auth.sign_in.app import SIGN_INS
from auth.sign_in.door import Shown
from common import access, clock, fields, limits, networks
from common import api as shell

api = shell.create()

# Of one address of the network: a page may ask whenever it is opened.
ASKED = limits.Limit("passkey-sign-ins", 120, 15 * 60)

Encoded = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=32_000)]
Transports = Annotated[tuple[Annotated[str, Field(max_length=32)], ...], Field(max_length=10)]
CredentialId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,1364}$")]
ChallengeId = Annotated[str, StringConstraints(pattern=shell.UUID)]
PublicKey = Annotated[
    Json, Field(description="What the browser's `parse…OptionsFromJSON` takes (WebAuthn Level 3)")
]
Name = Annotated[fields.OwnLine, Field(max_length=60)]


class Credential(shell.Body):
    """What the browser's `credential.toJSON()` gives."""

    id: CredentialId
    rawId: CredentialId
    type: Literal["public-key"]
    authenticatorAttachment: Literal["platform", "cross-platform"] | None = None
    clientExtensionResults: Json = Field(default_factory=dict)


class Attestation(shell.Body):
    clientDataJSON: Encoded
    attestationObject: Encoded
    authenticatorData: Encoded | None = None
    publicKey: Encoded | None = None
    publicKeyAlgorithm: int | None = None
    transports: Transports = ()


class Assertion(shell.Body):
    clientDataJSON: Encoded
    authenticatorData: Encoded
    signature: Encoded
    userHandle: Encoded | None = None


class MadeCredential(Credential):
    response: Attestation


class ShownCredential(Credential):
    response: Assertion


class AddRequest(shell.Body):
    challenge_id: ChallengeId
    credential: MadeCredential
    name: Name | None = None


class SignInRequest(shell.Body):
    challenge_id: ChallengeId
    credential: ShownCredential
    device_name: DeviceName | None = None


class ProofRequest(shell.Body):
    credential: ShownCredential


class RenameRequest(shell.Body):
    name: Name


class AskedView(shell.View):
    """`challenge_id` comes back with what the device answers to `public_key`, once."""

    challenge_id: str
    public_key: PublicKey
    expires_in: Annotated[int, Field(description="Seconds in which it must be answered")]


class PasskeyView(shell.View):
    id: str
    name: str
    added_at: AwareDatetime
    last_used_at: AwareDatetime | None
    synced: Annotated[bool, Field(description="Whether its owner's other devices have it too")]


class PasskeysView(shell.View):
    items: list[PasskeyView]


@api.get("/v1/auth/passkeys")
def list_passkeys() -> PasskeysView:
    """The passkeys by which the customer may sign in; ten at most."""
    account = own(access.customer(api))
    return PasskeysView(items=[_view(passkey) for passkey in account.passkeys])


@api.post("/v1/auth/passkeys/options", responses=shell.shown(AskedView, HTTPStatus.CREATED))
def begin() -> Response[Any]:
    """Begin to add a passkey: the device makes it of `public_key`. Needs a step-up for the act
    `factors`; whoever has just registered has proven it."""
    caller, network = access.customer(api), networks.of(api)
    begun, account = adding.begin(caller, shell.language(api), network, clock.now())
    return _asked(begun, ceremony.to_make(_site(), begun, account))


@api.post("/v1/auth/passkeys", responses=shell.shown(PasskeyView, HTTPStatus.CREATED))
def add(request: AddRequest) -> Response[Any]:
    """Add the passkey that the device has made; again is fine. Without a name it is called as the
    device is."""
    caller, now = access.customer(api), clock.now()
    name = request.name or client.device(api, None).platform or NAMELESS[shell.language(api)]
    credential = request.credential.model_dump()
    added = adding.finish(caller, request.challenge_id, credential, name, _site(), now)
    return shell.answer(_view(added), HTTPStatus.CREATED)


@api.patch("/v1/auth/passkeys/<passkey_id>")
def rename(passkey_id: shell.Id, request: RenameRequest) -> PasskeyView:
    """Call a passkey otherwise."""
    return _view(settings.rename(access.customer(api), passkey_id, request.name))


@api.delete(
    "/v1/auth/passkeys/<passkey_id>", responses={204: {"description": "The passkey is removed"}}
)
def remove(passkey_id: shell.Id) -> Response[Any]:
    """Remove a passkey: all other sessions end. Needs a step-up for the act `factors`, and another
    way to sign in."""
    settings.remove(access.customer(api), passkey_id, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@api.post("/v1/auth/passkeys/sign-in/options", responses=shell.shown(AskedView, HTTPStatus.CREATED))
def begin_sign_in() -> Response[Any]:
    """Begin to sign in by a passkey: the device offers those it has for the shop, and nobody types
    a login."""
    networks.take(api, ASKED)
    begun = signing_in.begin(shell.language(api), networks.of(api), clock.now())
    return _asked(begun, ceremony.to_prove(_site(), begun))


@api.post("/v1/auth/passkeys/sign-in")
def sign_in(request: SignInRequest) -> answers.CustomerTokensView:
    """Sign in by a passkey. Where the device made sure of its user it counts as both proofs;
    otherwise `second_factor_required` may follow, as after a password."""
    networks.take(api, SIGN_INS)
    now, device = clock.now(), client.device(api, request.device_name)
    shown, credential = Shown(networks.of(api), device), request.credential.model_dump()
    session = signing_in.by_passkey(request.challenge_id, credential, _site(), shown, now)
    return answers.customers(session, now)


@api.post(
    "/v1/auth/passkeys/step-ups/<step_up_id>/options",
    responses=shell.shown(AskedView, HTTPStatus.CREATED),
)
def begin_proof(step_up_id: shell.Id) -> Response[Any]:
    """Begin to prove a step-up by a passkey, where its `offers` name one."""
    begun, account = proving.step_up(access.customer(api), step_up_id, clock.now())
    return _asked(begun, ceremony.to_prove(_site(), begun, account, verified=True))


@api.post(
    "/v1/auth/passkeys/step-ups/<step_up_id>/proof",
    responses={204: {"description": "It is proven"}},
)
def prove(step_up_id: shell.Id, request: ProofRequest) -> Response[Any]:
    """Prove a step-up by a passkey whose device made sure of its user; again is fine."""
    caller, credential = access.customer(api), request.credential.model_dump()
    proving.prove(caller, step_up_id, credential, _site(), clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@api.post(
    "/v1/auth/passkeys/second-steps/<second_step_id>/options",
    responses=shell.shown(AskedView, HTTPStatus.CREATED),
)
def begin_second_step(second_step_id: shell.Id) -> Response[Any]:
    """Begin the second step of a sign-in by a passkey, where its `methods` name one."""
    networks.take(api, ASKED)
    step, account = proving.awaiting(second_step_id, clock.now())
    return _asked(step, ceremony.to_prove(_site(), step, account, verified=True))


@api.post("/v1/auth/passkeys/second-steps/<second_step_id>/confirm")
def confirm_second_step(
    second_step_id: shell.Id, request: ProofRequest
) -> answers.CustomerTokensView:
    """Sign in by a passkey as the second proof; its device must have made sure of its user."""
    networks.take(api, SIGN_INS)
    now, credential = clock.now(), request.credential.model_dump()
    session = proving.confirm(second_step_id, credential, _site(), now)
    return answers.customers(session, now)


def _asked(begun: Challenge, public_key: Json) -> Response[Any]:
    expires_in = int(begun.valid_for.total_seconds())
    view = AskedView(challenge_id=begun.id, public_key=public_key, expires_in=expires_in)
    return shell.answer(view, HTTPStatus.CREATED)


def _site() -> Site:
    origins = os.environ["PASSKEY_ORIGINS"]
    return sites.of(origins, os.environ["PUBLIC_URL"], os.environ["SHOP_NAME"])


def _view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.id,
        name=passkey.name,
        added_at=passkey.added_at,
        last_used_at=passkey.used_at,
        synced=passkey.synced,
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
