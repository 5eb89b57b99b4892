"""Providers: who may say who somebody is, as data of one OpenID Connect or OAuth 2 client.

What is the shop's own of each lies in the secret SOCIAL_SECRET, by the provider's name:

    {"google": {"client_id": "…", "client_secret": "…", "redirect_uri": "https://shop/signed-in"}}

A provider without an entry is not offered. An entry that names an `issuer`, `authorize`, `token`
and `jwks` too adds an OpenID provider of the shop's own, or replaces a known one.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from common import pepper
from common.errors import NotFound
from common.events import Contract
from common.language import Text


@dataclass(frozen=True, slots=True)
class Claims:
    """Where a provider tells of whoever it gave no ID token of, and paths into its answer. None
    says by a boolean that an address is proven, so their addresses sign nobody in.

    `scheme` begins the header that carries the token; without one it is posted. The picture is at
    `picture_at`, unless the answer says by `pictureless` that there is none.
    """

    userinfo: str
    scheme: str | None
    subject: str
    names: tuple[str, ...]
    picture: str
    picture_at: str = "{}"
    pictureless: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: an OpenID provider where it has `jwks`, else one whose `claims` are asked, as
    are those of one that gave no ID token although it could."""

    name: str
    label: Text
    issuer: str
    authorize: str
    token: str
    scope: str
    jwks: str | None = None
    claims: Claims | None = None
    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = ""


class Registered(Contract):
    """What the shop is to one provider."""

    client_id: str
    client_secret: str
    redirect_uri: str
    issuer: str | None = None
    authorize: str | None = None
    token: str | None = None
    jwks: str | None = None


OPENID = "openid email profile"
KNOWN = (
    Provider(
        name="google",
        label=Text(ru="Google", en="Google"),
        issuer="https://accounts.google.com",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        jwks="https://www.googleapis.com/oauth2/v3/certs",
        scope=OPENID,
    ),
    Provider(
        name="yandex",
        label=Text(ru="Яндекс ID", en="Yandex ID"),
        issuer="https://oauth.yandex.ru",
        authorize="https://oauth.yandex.ru/authorize",
        token="https://oauth.yandex.ru/token",  # noqa: S106 - an address
        scope="login:info login:email login:avatar",
        claims=Claims(
            userinfo="https://login.yandex.ru/info?format=json",
            scheme="OAuth",
            subject="id",
            names=("real_name",),
            picture="default_avatar_id",
            picture_at="https://avatars.yandex.net/get-yapic/{}/islands-200",
            pictureless="is_avatar_empty",
        ),
    ),
    Provider(
        name="vk",
        label=Text(ru="VK ID", en="VK ID"),
        issuer="https://id.vk.com",
        authorize="https://id.vk.com/authorize",
        token="https://id.vk.com/oauth2/auth",  # noqa: S106 - an address
        scope="email",
        claims=Claims(
            userinfo="https://id.vk.com/oauth2/user_info",
            scheme=None,
            subject="user.user_id",
            names=("user.first_name", "user.last_name"),
            picture="user.avatar",
        ),
    ),
    # Its discovery document (www.facebook.com/.well-known/openid-configuration) lists the claims
    # sub, name, given_name, middle_name, family_name, email, picture and user_*, and no
    # email_verified. Limited Login of its apps signs as another issuer, limited.facebook.com
    # (developers.facebook.com/docs/facebook-login/limited-login/token), which is not this shop's.
    Provider(
        name="facebook",
        label=Text(ru="Facebook", en="Facebook"),
        issuer="https://www.facebook.com",
        authorize="https://www.facebook.com/v21.0/dialog/oauth",
        token="https://graph.facebook.com/v21.0/oauth/access_token",  # noqa: S106 - an address
        jwks="https://www.facebook.com/.well-known/oauth/openid/jwks/",
        scope="openid email public_profile",
        claims=Claims(
            userinfo="https://graph.facebook.com/v21.0/me?fields=id,name,picture.width(200)",
            scheme="Bearer",
            subject="id",
            names=("name",),
            picture="picture.data.url",
            pictureless="picture.data.is_silhouette",
        ),
    ),
)


def offered() -> list[Provider]:
    """The providers that the shop is registered with, as its secret names them."""
    known = {provider.name: provider for provider in KNOWN}
    return [_provider(known.get(name), name, entry) for name, entry in _registered().items()]


def named(name: str) -> Provider:
    """The provider of that *name*. NotFound unless the shop offers it."""
    for provider in offered():
        if provider.name == name:
            return provider
    raise NotFound


def _registered() -> Mapping[str, Registered]:
    kept = pepper.secret(os.environ["SOCIAL_SECRET"])
    return TypeAdapter(dict[str, Registered]).validate_json(kept)


def _provider(known: Provider | None, name: str, entry: Registered) -> Provider:
    """A *known* provider as the shop's *entry* completes or replaces it."""
    return Provider(
        name=name,
        label=known.label if known else Text(ru=name.capitalize(), en=name.capitalize()),
        issuer=entry.issuer or (known.issuer if known else ""),
        authorize=entry.authorize or (known.authorize if known else ""),
        token=entry.token or (known.token if known else ""),
        jwks=entry.jwks or (known.jwks if known else None),
        scope=known.scope if known else OPENID,
        claims=known.claims if known else None,
        client_id=entry.client_id,
        client_secret=entry.client_secret,
        redirect_uri=entry.redirect_uri,
    )
