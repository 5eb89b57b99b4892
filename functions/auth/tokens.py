"""Access tokens, signed by KMS: JWTs of ten minutes (RFC 9068), verified in common.access."""

import base64
import json
import os
from typing import Any

from common import access, aws, clock
from common.access import Role

EXPIRES_IN_SECONDS = int(access.TOKEN_LIFETIME.total_seconds())


def access_token(subject: str, session_id: str, role: Role) -> str:
    """A token that lets *subject* act in *role* while its session lives."""
    arn = os.environ["SIGNING_KEYS"].split(",")[0]
    now = int(clock.now().timestamp())
    header = {"alg": access.ALGORITHM, "typ": access.TOKEN_TYPE, "kid": access.key_id(arn)}
    claims = {
        "iss": os.environ["PUBLIC_URL"],
        "aud": access.AUDIENCE,
        "sub": subject,
        "sid": session_id,
        "role": role.name.lower(),
        "iat": now,
        "exp": now + EXPIRES_IN_SECONDS,
    }
    signed = f"{_encode(header)}.{_encode(claims)}"
    return f"{signed}.{_base64(_signature(arn, signed.encode()))}"


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
