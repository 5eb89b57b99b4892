"""A development OpenID provider at 127.0.0.1: signing in by a service elsewhere, walked through.

It is served, and offered by the local shop as `local`, unless the shop's secret names services of
the developer's own. Whoever it is asked about it knows; Vera has a proven address there.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import oidc_provider_mock  # type: ignore[import-untyped] # it comes without types
from werkzeug.serving import WSGIRequestHandler, make_server

from local import aws, deployment

NAME = "local"
SECRET = "SocialSecret"  # noqa: S105 - its name in the template
VERA = {"email": "vera@example.com", "email_verified": True, "name": "Vera Li"}
# The shop's clock is moved by days, and not the provider's.
LIVES = timedelta(days=365)


class Quiet(WSGIRequestHandler):
    """The terminal belongs to `make run`'s own lines."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing is written."""


@contextmanager
def serving(port: int) -> Iterator[str]:
    """The address of a provider that is up for the length of the body."""
    app = oidc_provider_mock.app(
        require_nonce=True,
        access_token_max_age=LIVES,
        user_claims=[oidc_provider_mock.User(sub="vera", claims={**VERA})],
    )
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


def entry(url: str, back: str) -> dict[str, str]:
    """What the shop's secret says of the provider at *url*, which leads *back* to the shop."""
    return {
        "client_id": "the-shop",
        "client_secret": "known to both",
        "redirect_uri": back,
        "issuer": url,
        "authorize": f"{url}/oauth2/authorize",
        "token": f"{url}/oauth2/token",
        "jwks": f"{url}/jwks",
    }


def is_wanted(endpoint: str) -> bool:
    """Whether the shop is registered with no service of the developer's own."""
    return not deployment.secret(endpoint, SECRET).keys() - {NAME}


def offer(endpoint: str, url: str, back: str) -> None:
    """Let the shop offer the provider."""
    text, kept = json.dumps({NAME: entry(url, back)}), deployment.find(endpoint).resources[SECRET]
    secrets = aws.client("secretsmanager", endpoint)
    secrets.put_secret_value(SecretId=kept, SecretString=text)
