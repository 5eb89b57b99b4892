"""What is asked of a provider over HTTP: tokens for a code, its keys, and of whom it speaks."""

import json
import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from auth.social import flow
from auth.social.flow import ProviderRefused
from auth.social.provider import Claims, Provider
from common.errors import Busy
from common.logs import logger

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

TIMEOUT_SECONDS = 3.0
LARGEST_ANSWER_BYTES = 128 * 1024
KEYS_KEPT_SECONDS = 3600
SERVER_ERROR = 500

# By address: when they were read, and the keys.
_keys: dict[str, tuple[float, "KeySet"]] = {}


def authorize_url(provider: Provider, flow_id: str, secret: str) -> str:
    """Where the customer goes to be shown by *provider*, with all that binds the answer to the
    flow."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    address: str = prepare_grant_uri(
        provider.authorize,
        provider.client_id,
        "code",
        provider.redirect_uri,
        provider.scope,
        flow_id,
        nonce=flow.nonce(flow_id, secret),
        code_challenge=create_s256_code_challenge(flow.verifier(flow_id, secret)),
        code_challenge_method="S256",
    )
    return address


def tokens(provider: Provider, code: str, verifier: str, **more: str) -> Mapping[str, Any]:
    """What the provider gives for *code*. ProviderRefused, or Busy where it does not answer."""
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    form = prepare_token_request(
        "authorization_code",
        redirect_uri=provider.redirect_uri,
        code=code,
        code_verifier=verifier,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        **more,
    )
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return _asked("POST", provider.token, body=form, headers=kind)


def userinfo(provider: Provider, claims: Claims, access_token: str) -> Mapping[str, Any]:
    """What the provider tells of whose token it is."""
    if claims.scheme:
        headers = {"Authorization": f"{claims.scheme} {access_token}"}
        return _asked("GET", claims.userinfo, headers=headers)
    form = {"client_id": provider.client_id, "access_token": access_token}
    return _asked("POST", claims.userinfo, fields=form, encode_multipart=False)


def keys(provider: Provider, *, afresh: bool = False) -> "KeySet":
    """The provider's keys, an hour old at most; older ones while it does not answer, Busy where
    there are none."""
    from joserfc.jwk import KeySet

    address = str(provider.jwks)
    read_at, kept = _keys.get(address, (float("-inf"), None))
    if kept and not afresh and time.monotonic() - read_at < KEYS_KEPT_SECONDS:
        return kept
    try:
        found = KeySet.import_key_set({"keys": list(_asked("GET", address)["keys"])})
    except (Busy, ProviderRefused, KeyError):
        if kept is None:
            raise Busy from None
        return kept
    _keys[address] = time.monotonic(), found
    return found


def _asked(method: str, address: str, **sent: Any) -> Mapping[str, Any]:
    """The provider's answer, an object of JSON."""
    import urllib3

    http = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)
    ask = partial(http.request, method, address, redirect=False, preload_content=False)
    try:
        answer = ask(**sent)
        text = answer.read(LARGEST_ANSWER_BYTES)
    except urllib3.exceptions.HTTPError as failure:
        logger.warning("provider did not answer", error=type(failure).__name__)
        raise Busy from failure
    if answer.status >= SERVER_ERROR:
        logger.warning("provider failed", status=answer.status)
        raise Busy
    return _object(answer.status, text)


def _object(status: int, text: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as malformed:
        raise ProviderRefused from malformed
    if status != 200 or not isinstance(found, dict):
        logger.warning("provider refused", status=status)
        raise ProviderRefused
    return found
