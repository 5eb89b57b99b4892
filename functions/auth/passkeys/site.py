"""The site that passkeys are made for: WebAuthn binds each to one domain. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """The shop as passkeys know it: its domain, the pages that may ask for one, its name."""

    domain: str
    origins: tuple[str, ...]
    name: str


def of(origins: str, public_url: str, name: str) -> Site:
    """The site of *origins*, divided by commas, whose first has the domain; where there are none,
    of *public_url*."""
    named = tuple(filter(None, origins.split(","))) or (_origin(public_url),)
    return Site(urlsplit(named[0]).hostname or "", named, name)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
