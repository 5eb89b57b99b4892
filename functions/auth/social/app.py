"""HTTP routes of signing in by accounts elsewhere, and of linking them."""

import os
import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime, Field, StringConstraints

from auth import answers, client
from auth.account import Identity
from auth.client import DeviceName
from auth.session.session import Session
from auth.sign_in.app import SIGN_INS
from auth.sign_in.door import Shown
from auth.social import arrival, exchange, flow, linking, person, provider, store
from auth.social.arrival import LinkProofNeeded, Manners
from auth.social.flow import Flow, Person, ProviderRefused
from common import access, clock, ids, limits, networks
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
FLOWS = limits.Limit("social-flows", 60, 15 * 60)
SECRET_BYTES = 32

Name = Annotated[str, Path(pattern=r"^[a-z]{2,16}$")]
FlowId = Annotated[str, StringConstraints(pattern=shell.UUID)]
FlowSecret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class ProviderView(shell.View):
    name: str
    label: str


class ProvidersView(shell.View):
    items: list[ProviderView]


class FlowRequest(shell.Body):
    return_to: Annotated[
        Annotated[str, Field(max_length=2000)] | None,
        Field(description="The page of the shop to go on with; another address becomes `/`"),
    ] = None
    link: Annotated[
        bool, Field(strict=True, description="To link the provider to the account signed in")
    ] = False


class FlowView(shell.View):
    """`flow_secret` stays with the client that asked: only with it is the flow finished."""

    flow_id: str
    flow_secret: str
    authorize_url: str
    expires_in: Annotated[int, Field(description="Seconds in which it must be finished")]


class CallbackRequest(shell.Body):
    """What the provider sent back to `redirect_uri`, and the client's secret of the flow."""

    state: FlowId
    flow_secret: FlowSecret
    code: Annotated[str, Field(min_length=1, max_length=2000)]
    iss: Annotated[str, Field(max_length=200)] | None = None
    device_id: Annotated[str, Field(max_length=200, description="Of VK ID only")] | None = None
    device_name: DeviceName | None = None


class ArrivalView(answers.CustomerTokensView):
    return_to: str


class LinkRequest(shell.Body):
    linking_id: FlowId
    flow_secret: FlowSecret


class IdentityView(shell.View):
    provider: str
    linked_at: AwareDatetime


class IdentitiesView(shell.View):
    items: list[IdentityView]


@router.get("/v1/auth/providers")
def list_providers() -> ProvidersView:
    """The services by which one may sign in here."""
    spoken = shell.language(router)
    return ProvidersView(
        items=[ProviderView(name=p.name, label=p.label[spoken]) for p in provider.offered()]
    )


@router.post("/v1/auth/social/<provider_name>", responses=shell.shown(FlowView, HTTPStatus.CREATED))
def begin(provider_name: Name, request: FlowRequest) -> Response[Any]:
    """Begin to sign in by a service: the customer goes to `authorize_url` and comes back with
    `code` and `state`."""
    networks.take(router, FLOWS)
    asked, now = provider.named(provider_name), clock.now()
    page = flow.page(request.return_to)
    begun = Flow(ids.new(now), asked.name, request.link, page, now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    store.begin(begun, flow.secret_hash(secret))
    view = FlowView(
        flow_id=begun.id,
        flow_secret=secret,
        authorize_url=exchange.authorize_url(asked, begun.id, secret),
        expires_in=int(flow.VALID.total_seconds()),
    )
    return shell.answer(view, HTTPStatus.CREATED)


@router.post("/v1/auth/social/callback")
def finish(request: CallbackRequest) -> ArrivalView:
    """Sign in whom the service showed; somebody new with a proven address becomes a customer.

    `link_proof_needed` where the account to link must be proven first, or is the one signed in.
    """
    networks.take(router, SIGN_INS)
    now = clock.now()
    begun = store.find(request.state, flow.secret_hash(request.flow_secret), now)
    came = _shown_person(begun, request)
    session = _session(begun, came, _shown(request), now)
    if session is None:
        store.introduce(begun, came, now)
        raise LinkProofNeeded(linking_id=begun.id)
    tokens = answers.customers(session, now)
    return ArrivalView(**tokens.model_dump(), return_to=begun.return_to)


@router.get("/v1/auth/identities")
def list_identities() -> IdentitiesView:
    """The services by which the customer may sign in."""
    found = linking.identities(access.customer(router))
    return IdentitiesView(items=[_view(one) for one in found])


@router.post("/v1/auth/identities", responses=shell.shown(IdentityView, HTTPStatus.CREATED))
def link(request: LinkRequest) -> Response[Any]:
    """Link whom a service showed to the account signed in, once that was proven: by signing in
    after the flow began, or by a step-up for the act `factors`. Again is fine."""
    caller, now = access.customer(router), clock.now()
    hashed = flow.secret_hash(request.flow_secret)
    linked = linking.link(caller, *store.introduced(request.linking_id, hashed, now), now)
    return shell.answer(_view(linked), HTTPStatus.CREATED)


@router.delete(
    "/v1/auth/identities/<provider_name>", responses={204: {"description": "It is unlinked"}}
)
def unlink(provider_name: Name) -> Response[Any]:
    """Sign in by that service no more. Needs a step-up for the act `factors`, and another way to
    sign in."""
    linking.unlink(access.customer(router), provider_name, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


def _session(begun: Flow, came: Person, shown: Shown, at: datetime) -> Session | None:
    return None if begun.links else arrival.session(came, begun, shown, _manners(), at)


def _shown_person(used: Flow, request: CallbackRequest) -> Person:
    asked = provider.named(used.provider)
    if request.iss not in (None, asked.issuer):
        raise ProviderRefused  # the answer of another provider (RFC 9207)
    verifier = flow.verifier(used.id, request.flow_secret)
    own = {"device_id": request.device_id, "state": used.id} if request.device_id else {}
    answer = exchange.tokens(asked, request.code, verifier, **own)
    nonce = flow.nonce(used.id, request.flow_secret)
    return person.shown(asked, answer, nonce, clock.now())


def _shown(request: CallbackRequest) -> Shown:
    return Shown(networks.of(router), client.device(router, request.device_name))


def _manners() -> Manners:
    return Manners(shell.language(router), os.environ["SHOP_TIME_ZONE"])


def _view(one: Identity) -> IdentityView:
    return IdentityView(provider=one.provider, linked_at=one.linked_at)
