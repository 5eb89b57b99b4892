"""A flow: one try of somebody to be shown by a provider, from the shop's page and back to it.

`state` is the flow's id. Verifier and nonce follow from it and from the secret that only the
client that began the flow keeps: nothing that is stored, or seen on the way, finishes it.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from common import pepper
from common.errors import Problem
from common.language import Text

VALID = timedelta(minutes=10)
DEFAULT_PAGE = "/"
PAGE = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]{0,499}")


class FlowOver(Problem):
    """There is no such flow of this client, it is out of date or was used: all alike."""

    status = 404
    code = "flow_over"
    title = Text(
        ru="Этот вход уже завершён или устарел. Начните заново.",
        en="This sign-in is over or out of date. Begin anew.",
    )


class ProviderRefused(Problem):
    """What came back is no proof from the provider that the flow was begun with."""

    status = 422
    code = "provider_refused"
    title = Text(
        ru="Не удалось подтвердить, кто вы. Начните вход заново.",
        en="Who you are could not be confirmed. Begin the sign-in anew.",
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a provider showed: *subject* at *issuer*, for ever; the rest as it is today. `email`
    only where the provider says that it is theirs."""

    issuer: str
    subject: str
    provider: str
    email: str | None = None
    name: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """`links` where it is to link the provider to an account that is signed in, and not to sign
    in. `person` is known once the provider has shown them."""

    id: str
    provider: str
    links: bool
    return_to: str
    begun_at: datetime
    person: Person | None = None

    @property
    def valid_until(self) -> datetime:
        return self.begun_at + VALID


def page(wanted: str | None) -> str:
    """Where to go on afterwards: a page of the shop's own, whatever was *wanted*."""
    return wanted if wanted and PAGE.fullmatch(wanted) else DEFAULT_PAGE


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def verifier(flow_id: str, secret: str) -> str:
    """What proves to the provider that who redeems the code began the flow (RFC 7636)."""
    return _derived("social-verifier", flow_id, secret)


def nonce(flow_id: str, secret: str) -> str:
    """What the ID token must say: that it was made for this flow."""
    return _derived("social-nonce", flow_id, secret)


def _derived(purpose: str, flow_id: str, secret: str) -> str:
    raw = pepper.mac(purpose, flow_id, secret)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
