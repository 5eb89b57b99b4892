"""Tokens of a session: access tokens signed by KMS, refresh tokens made of the pepper.

An access token is a JWT of ten minutes (RFC 9068), verified in common.access. A refresh token is
`<session>.<generation>.<keyed hash of both>`: nothing of it is stored, so nothing can leak.
"""

import base64
import hmac
import json
import os
import re
from datetime import datetime
from typing import Any

from common import access, aws, pepper
from common.access import Caller, Role
from common.errors import Unauthorized

EXPIRES_IN_SECONDS = int(access.TOKEN_LIFETIME.total_seconds())
REFRESH_TOKEN = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,9})\.([A-Za-z0-9_-]{43})")


def access_token(subject: str, session_id: str, role: Role, at: datetime) -> str:
    """A token that lets *subject* act in *role* while its session lives.

    *at* is when the session was last seen alive: a token never outlives the time for which a
    session that ends after that is on the list of revoked ones.
    """
    issued = int(at.timestamp())
    claims = {
        "iss": issuer(),
        "aud": access.AUDIENCE,
        "sub": subject,
        "sid": session_id,
        "role": role.name.lower(),
        "iat": issued,
        "exp": issued + EXPIRES_IN_SECONDS,
    }
    return signed(claims, access.TOKEN_TYPE)


def signed(claims: dict[str, Any], kind: str) -> str:
    """*claims* with the shop's signature, as a JWS of the media type *kind*."""
    arn = os.environ["SIGNING_KEYS"].split(",")[0]
    header = {"alg": access.ALGORITHM, "typ": kind, "kid": access.key_id(arn)}
    text = f"{_encode(header)}.{_encode(claims)}"
    return f"{text}.{_base64(_signature(arn, text.encode()))}"


def issuer() -> str:
    return os.environ["PUBLIC_URL"]


def refresh_token(session_id: str, generation: int) -> str:
    return f"{session_id}.{generation}.{_refresh_mac(session_id, str(generation))}"


def read_refresh_token(token: str) -> tuple[str, int]:
    """The session and the generation of a refresh token. Unauthorized unless it is ours."""
    found = REFRESH_TOKEN.fullmatch(token)
    if not found or not hmac.compare_digest(found[3], _refresh_mac(found[1], found[2])):
        raise Unauthorized
    return found[1], int(found[2])


def holder(authorization: str | None) -> Caller:
    """Whoever holds a bearer token, its session ended or not. Unauthorized unless it is genuine."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized
    return access.caller(access.verify(token))


def _refresh_mac(session_id: str, generation: str) -> str:
    return _base64(pepper.mac("refresh", session_id, generation))


def _signature(arn: str, message: bytes) -> bytes:
    """The signature as JWS wants it, R and S side by side (RFC 7518 §3.4); KMS gives DER."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    answer = aws.kms().sign(
        KeyId=arn, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
    )
    r, s = decode_dss_signature(answer["Signature"])
    return r.to_bytes(32) + s.to_bytes(32)


def _encode(part: dict[str, Any]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
