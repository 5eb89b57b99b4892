"""A real OpenID provider on loopback, and somebody's browser that says yes to it."""

import hashlib
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import flask
import oidc_provider_mock
import urllib3
from oidc_provider_mock._app import AuthorizationCodeGrant
from werkzeug.serving import BaseWSGIServer, make_server

# Codes stay good: what a code was got for can be gone through again, with other faults or turns.
AuthorizationCodeGrant.delete_authorization_code = lambda *_: None  # type: ignore[method-assign]
# Tests move the shop's clock by days, and not the provider's.
LIVES = timedelta(days=365)


@dataclass
class Provider:
    """`down` are those that answer 503."""

    server: BaseWSGIServer
    down: set[str] = field(default_factory=set)
    challenges: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def entry(self) -> dict[str, str]:
        """What the shop's secret says of it."""
        return {
            "client_id": "the-shop",
            "client_secret": "known to both",
            "redirect_uri": "https://shop.example.com/signed-in",
            "issuer": self.url,
            "authorize": f"{self.url}/oauth2/authorize",
            "token": f"{self.url}/oauth2/token",
            "jwks": f"{self.url}/jwks",
        }

    def knows(self, subject: str, **claims: Any) -> None:
        """Let *subject* have an account there."""
        answer = urllib3.request("PUT", f"{self.url}/users/{subject}", json=claims)
        assert answer.status == 204, answer.data

    def consent(self, authorize_url: str, subject: str) -> dict[str, str]:
        """What the provider sends back once *subject* has signed in there and agreed."""
        answer = urllib3.request(
            "POST",
            authorize_url,
            body=urlencode({"sub": subject}),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            redirect=False,
        )
        assert answer.status == 302, answer.data
        sent = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in sent.items()}


def _checked(app: flask.Flask, provider: Callable[[], Provider]) -> flask.Flask:
    """*app*, which can be down, and which holds codes to their challenge (RFC 7636)."""

    @app.before_request
    def check() -> Any:
        known, asked = provider(), flask.request
        if asked.path in known.down:
            return "", 503
        if asked.path == "/oauth2/token":
            hashed = hashlib.sha256(asked.form["code_verifier"].encode()).digest()
            challenge = urlsafe_b64encode(hashed).decode().rstrip("=")
            if known.challenges.get(asked.form["code"]) != challenge:
                return {"error": "invalid_grant"}, 400
        return None

    @app.after_request
    def note(answer: flask.Response) -> flask.Response:
        code = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("code")
        if code:
            assert flask.request.args["code_challenge_method"] == "S256"
            provider().challenges[code[0]] = flask.request.args["code_challenge"]
        return answer

    return app


@cache
def started() -> Provider:
    """One for the whole run: it ends with the process."""
    app = oidc_provider_mock.app(require_nonce=True, access_token_max_age=LIVES)
    server = make_server("127.0.0.1", 0, _checked(app, started), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Provider(server)
