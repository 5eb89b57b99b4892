"""What others read to check our tokens: keys (RFC 7517) and what there is (RFC 8414)."""

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from auth import tokens
from auth.session.session import Assurance
from common import access
from common import api as shell

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

JWKS = "/.well-known/jwks.json"
# Shorter than the ten minutes for which a former key is good: docs/operations.md, rotation.
CACHED = {"Cache-Control": "public, max-age=300"}
COORDINATE_BYTES = 32


class KeyView(shell.View):
    kty: str = "EC"
    crv: str = "P-256"
    use: str = "sig"
    alg: str = access.ALGORITHM
    kid: str
    x: str
    y: str


class KeysView(shell.View):
    keys: list[KeyView]


class ServerView(shell.View):
    issuer: str
    jwks_uri: str
    response_types_supported: list[str]
    acr_values_supported: list[str]


@router.get(JWKS, responses=shell.shown(KeysView))
def show_keys() -> Response[Any]:
    """The keys whose access tokens are taken, for other services to check them by."""
    keys = [_view(kid, key) for kid, key in access.signing_keys().items()]
    return shell.answer(KeysView(keys=keys), HTTPStatus.OK, CACHED)


@router.get("/.well-known/oauth-authorization-server", responses=shell.shown(ServerView))
def show_server() -> Response[Any]:
    """Who issues the tokens, and where its keys are. There is no OAuth flow to begin here."""
    issuer = tokens.issuer()
    view = ServerView(
        issuer=issuer,
        jwks_uri=issuer + JWKS,
        response_types_supported=[],
        acr_values_supported=[level.value for level in Assurance],
    )
    return shell.answer(view, HTTPStatus.OK, CACHED)


def _view(kid: str, key: "EllipticCurvePublicKey") -> KeyView:
    point = key.public_numbers()
    return KeyView(kid=kid, x=_coordinate(point.x), y=_coordinate(point.y))


def _coordinate(value: int) -> str:
    raw = value.to_bytes(COORDINATE_BYTES)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
