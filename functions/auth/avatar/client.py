"""Fetching a picture from the provider that showed it.

The address is what a provider said, so it may be anything: it counts only on a host that the shop's
providers keep pictures on, and where the name of that host leads out into the world. The connection
goes to the very address that was looked at, and a redirect is not followed.
"""

import socket
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from auth.avatar import places
from auth.avatar.avatar import PictureUnavailable
from auth.social import provider
from common.logs import logger
from common.pictures import LARGEST_BYTES, PictureTooLarge

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

PORT = 443
OK = 200
TIMEOUT_SECONDS = 2.0
MOST_SECONDS = 5.0
CHUNK_BYTES = 64 * 1024


def fetched(address: str) -> bytes:
    """What is there. PictureUnavailable, or PictureTooLarge without reading on."""
    import urllib3

    host, path = _place(address)
    pool = urllib3.HTTPSConnectionPool(
        _outside(host), PORT, timeout=TIMEOUT_SECONDS, server_hostname=host, assert_hostname=host
    )
    try:
        answer = pool.urlopen(
            "GET",
            path,
            headers={"Host": host},
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        return b"".join(_read(answer))
    except urllib3.exceptions.HTTPError as failure:
        logger.warning("picture was not fetched", error=type(failure).__name__)
        raise PictureUnavailable from failure
    finally:
        pool.close()


def _read(answer: "BaseHTTPResponse") -> Iterator[bytes]:
    if answer.status != OK:
        raise PictureUnavailable
    until, size = time.monotonic() + MOST_SECONDS, 0
    while chunk := answer.read1(CHUNK_BYTES):
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise PictureTooLarge
        if time.monotonic() > until:
            raise PictureUnavailable
        yield chunk


def _place(address: str) -> tuple[str, str]:
    """Host and path of an address on a provider's host of pictures."""
    try:
        parts = urlsplit(address)
    except ValueError as malformed:
        raise PictureUnavailable from malformed
    host = parts.hostname or ""
    is_plain = parts.scheme == "https" and parts.netloc == host
    if not (is_plain and any(places.keeps(p.name, host) for p in provider.offered())):
        raise PictureUnavailable
    return host, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _outside(host: str) -> str:
    """An address of *host* in the world at large; all it has must be there."""
    try:
        found = socket.getaddrinfo(host, PORT, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as unknown:
        raise PictureUnavailable from unknown
    addresses = [IPv4Address(str(place[0])) for *_, place in found]
    if not addresses or not all(a.is_global and not a.is_multicast for a in addresses):
        raise PictureUnavailable
    return str(addresses[0])
