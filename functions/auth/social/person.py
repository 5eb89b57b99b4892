"""Whom a provider showed: by a signed ID token, or where it has none by what it tells."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from auth.social import exchange
from auth.social.flow import Person, ProviderRefused
from auth.social.provider import Claims, Provider
from common import emails, fields

if TYPE_CHECKING:
    from joserfc.jwt import Token

# What signs ID tokens: asymmetric only, so that neither `none` nor our own secret does.
ALGORITHMS = ["RS256", "ES256"]
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
LONGEST_NAME = 100
LONGEST_PICTURE = 500
PICTURE_ID = re.compile(r"[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)?")


def shown(provider: Provider, answer: Mapping[str, Any], nonce: str, at: datetime) -> Person:
    """Whom the tokens in *answer* speak of. ProviderRefused unless they do; Busy where the
    provider cannot be asked."""
    id_token, token = answer.get("id_token"), answer.get("access_token")
    if provider.claims is None or (provider.jwks and id_token is not None):
        return _person(provider, verified(provider, str(id_token), nonce, at))
    if not isinstance(token, str) or not token:
        raise ProviderRefused
    told = exchange.userinfo(provider, provider.claims, token)
    return _person(provider, _mapped(provider.claims, told))


def verified(provider: Provider, id_token: str, nonce: str, at: datetime) -> Mapping[str, Any]:
    """The claims of an ID token made by *provider* for this shop and *nonce*, current at *at*
    (OpenID Connect Core §3.1.3.7)."""
    from authlib.oidc.core.claims import CodeIDToken
    from joserfc.errors import JoseError

    options: Any = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "iat": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    params = {"client_id": provider.client_id, "nonce": nonce}
    try:
        token = _opened(provider, id_token)
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as refused:
        raise ProviderRefused from refused
    if token.claims["iat"] > at.timestamp() + LEEWAY_SECONDS:
        raise ProviderRefused
    return token.claims


def _opened(provider: Provider, id_token: str) -> "Token":
    """The token, its signature checked; a key that is not known yet is asked for once."""
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError

    try:
        return jwt.decode(id_token, exchange.keys(provider), ALGORITHMS)
    except (InvalidKeyIdError, BadSignatureError):
        return jwt.decode(id_token, exchange.keys(provider, afresh=True), ALGORITHMS)


def _person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ProviderRefused
    proven = claims.get("email_verified") is True
    return Person(
        issuer=provider.issuer,
        subject=subject,
        provider=provider.name,
        email=emails.canonical(str(claims.get("email"))) if proven else None,
        name=_name(claims.get("name")),
        picture=_picture(claims.get("picture")),
    )


def _mapped(claims: Claims, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is told as an ID token would tell it."""
    subject = _at(told, claims.subject)
    names = [_at(told, path) for path in claims.names]
    return {
        "sub": str(subject) if type(subject) is int else subject,
        "name": " ".join(name for name in names if isinstance(name, str)).strip(),
        "picture": _pictured(claims, told),
    }


def _pictured(claims: Claims, told: Mapping[str, Any]) -> str | None:
    """The address of the picture; an id that is put into one is no more than that."""
    kept = _at(told, claims.picture)
    if not isinstance(kept, str) or (claims.pictureless and _at(told, claims.pictureless)):
        return None
    whole = claims.picture_at == "{}" or PICTURE_ID.fullmatch(kept)
    return claims.picture_at.format(kept) if whole else None


def _at(told: Any, path: str) -> Any:
    for part in path.split("."):
        told = told.get(part) if isinstance(told, Mapping) else None
    return told


def _name(told: Any) -> str | None:
    """The name, where it is one that a customer could have typed."""
    try:
        return TypeAdapter(fields.OwnLine).validate_python(told, strict=True)[:LONGEST_NAME].strip()
    except ValidationError:
        return None


def _picture(told: Any) -> str | None:
    usable = isinstance(told, str) and told.startswith("https://") and len(told) <= LONGEST_PICTURE
    return told if usable else None
