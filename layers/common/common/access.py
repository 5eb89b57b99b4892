"""Who is calling: access tokens verified here, in every function, without a round trip.

Tokens are JWTs of ten minutes (RFC 9068) signed by the KMS keys in SIGNING_KEYS, current first;
the algorithm is pinned (RFC 8725). A session that ended is refused within ten seconds everywhere:
the list of those revoked lately is read that often. Auth and money look at the session itself.

pk (SESSIONS_TABLE)   sk              what
SESSION#<id>          SESSION         live while `ended_at` is absent; `proofs`: acts proven anew
REVOKED               <at>#<id>       a session that ended, kept for a token's lifetime
"""

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from common import acts, aws, clock, table
from common.errors import Forbidden, Problem, Unauthorized
from common.language import Text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from jwt.types import Options

SESSIONS = "SESSIONS_TABLE"
ALGORITHM = "ES256"
AUDIENCE = "kabinet"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type
TOKEN_LIFETIME = timedelta(minutes=10)
LEEWAY_SECONDS = 60
REVOCATIONS_KEPT_SECONDS = 10
# A little longer than a token lives: ending a session takes a moment, in which it may be renewed.
REVOCATION_LISTED = TOKEN_LIFETIME + timedelta(seconds=LEEWAY_SECONDS)
LONGEST_TOKEN = 4096
# How long a proof made for one act is good for it.
PROOF_LIFETIME_SECONDS = 300
# Times are checked against common.clock, which tests move, and not the machine's.
CHECKED: "Options" = {
    "require": ["exp", "iat", "sub", "sid", "role"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


class Role(IntEnum):
    """What a caller may do; a higher role of staff may do all of a lower one. A guest has no
    account, and so no session."""

    GUEST = -1
    CUSTOMER = 0
    AGENT = 1
    MANAGER = 2
    OWNER = 3


class Act(StrEnum):
    """What asks for a fresh proof of who is there, each for its own kind only (ASVS 7.5.3)."""

    MONEY = "money"
    CONTACT = "contact"
    PASSWORD = "password"  # noqa: S105 - the name of an act
    FACTORS = "factors"
    EXPORT = "export"
    ERASURE = "erasure"


class StepUpRequired(Problem):
    """The session is good, but for this act somebody must prove anew who they are (RFC 9470).

    `act` goes to `POST /v1/auth/step-ups`; the proof is good for `max_age` seconds.
    """

    status = 401
    code = "step_up_required"
    title = Text(
        ru="Подтвердите, что это вы: для этого действия нужна свежая проверка.",
        en="Confirm that it is you: this needs a fresh proof.",
    )

    def __init__(self, act: Act) -> None:
        super().__init__(act=act, max_age=PROOF_LIFETIME_SECONDS)
        self.headers = {
            "WWW-Authenticate": 'Bearer error="insufficient_user_authentication", '
            f'error_description="step_up_required", max_age="{PROOF_LIFETIME_SECONDS}"'
        }


@dataclass(frozen=True, slots=True)
class Caller:
    id: str
    session_id: str
    role: Role

    @property
    def is_guest(self) -> bool:
        return self.role is Role.GUEST


@dataclass(slots=True)
class _Revocations:
    """The sessions revoked lately, as this process last read them."""

    ids: frozenset[str] = frozenset()
    read_at: float = float("-inf")


_revocations = _Revocations()


def customer(api: BaseRouter) -> Caller:
    """The customer who calls. Unauthorized without a valid token, Forbidden for staff."""
    found = anyone(api)
    if found.role is not Role.CUSTOMER:
        raise Forbidden
    return found


def staff(api: BaseRouter, at_least: Role = Role.AGENT) -> Caller:
    """The member of staff who calls, whose change, if it is one, leaves its trace (common.acts).
    Forbidden below the role *at_least*."""
    found = anyone(api)
    if found.role < at_least:
        raise Forbidden
    acts.announce(api, found.id, found.role.name.lower())
    return found


def bearer(api: BaseRouter) -> str:
    """The token that came with the request. Unauthorized without one."""
    scheme, _, token = (api.current_event.headers.get("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        raise Unauthorized
    return token


def session_key(caller: Caller) -> tuple[str, str, str]:
    """Where the caller's session lies, for a read together with other items."""
    return SESSIONS, f"SESSION#{caller.session_id}", "SESSION"


def require_live(session: table.Item | None) -> None:
    """Unauthorized when the session, as just read, has ended."""
    if session is None or "ended_at" in session:
        raise Unauthorized


def require_proof(session: table.Item | None, act: Act, at: datetime) -> None:
    """Unauthorized when the session, as just read, has ended; StepUpRequired unless its owner
    proved for *act*, within PROOF_LIFETIME_SECONDS before *at*, to be there."""
    require_live(session)
    proven = (session or {}).get("proofs", {}).get(act)
    if proven is None or not 0 <= at.timestamp() - proven < PROOF_LIFETIME_SECONDS:
        raise StepUpRequired(act)


def check_session(caller: Caller) -> None:
    """Unauthorized when the caller's session has ended, this very moment."""
    table_name, pk, sk = session_key(caller)
    require_live(table.get(pk, sk, table=table_name))


def signing_keys() -> dict[str, "EllipticCurvePublicKey"]:
    """The public keys whose tokens are taken, by their ids."""
    arns = filter(None, os.environ["SIGNING_KEYS"].split(","))
    return {key_id(arn): _public_key(arn) for arn in arns}


def key_id(key_arn: str) -> str:
    """The `kid` of a KMS key: the last part of its ARN."""
    return key_arn.rsplit("/", 1)[-1]


def verify(token: str) -> dict[str, Any]:
    """The claims of an access token. Unauthorized unless it is genuine, ours and current."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        if str(header.get("typ")).lower() != TOKEN_TYPE:
            raise Unauthorized
        claims: dict[str, Any] = jwt.decode(
            token,
            _public_key(_arn(header.get("kid"))),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=os.environ["PUBLIC_URL"],
            options=CHECKED,
        )
    except jwt.PyJWTError as refused:
        raise Unauthorized from refused
    _check_times(claims)
    return claims


def caller(claims: dict[str, Any]) -> Caller:
    """Whom the claims of an access token name."""
    return Caller(claims["sub"], claims["sid"], Role[claims["role"].upper()])


def anyone(api: BaseRouter) -> Caller:
    """Whoever calls, customer or staff. Unauthorized without a valid token."""
    claims = verify(bearer(api))
    if claims["sid"] in _revoked():
        raise Unauthorized
    return caller(claims)


def _check_times(claims: dict[str, Any]) -> None:
    now = clock.now().timestamp()
    issued, expires = claims["iat"], claims["exp"]
    if not (isinstance(issued, int) and isinstance(expires, int)):
        raise Unauthorized
    if issued > now + LEEWAY_SECONDS or expires <= now:
        raise Unauthorized


def _arn(kid: Any) -> str:
    """An unknown key id is refused without asking anybody."""
    for arn in os.environ["SIGNING_KEYS"].split(","):
        if arn and key_id(arn) == kid:
            return arn
    raise Unauthorized


@cache
def _public_key(arn: str) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(aws.kms().get_public_key(KeyId=arn)["PublicKey"])
    if not isinstance(key, EllipticCurvePublicKey):
        raise TypeError(f"{arn} is no elliptic-curve key")
    return key


def _revoked() -> frozenset[str]:
    if time.monotonic() - _revocations.read_at > REVOCATIONS_KEPT_SECONDS:
        since = (clock.now() - REVOCATION_LISTED).isoformat()
        rows = table.query_all("REVOKED", table.sort_key().gt(since), table=SESSIONS)
        _revocations.ids = frozenset(row["session_id"] for row in rows)
        _revocations.read_at = time.monotonic()
    return _revocations.ids
