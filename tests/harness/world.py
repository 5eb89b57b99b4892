"""The world outside, as far as a function asks it over HTTPS: what names lead to, what is there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from unittest import mock

import urllib3

PICTURE = "https://lh3.googleusercontent.com/a/picture=s96-c"
OUTSIDE = "142.250.74.33"


@contextmanager
def answering(
    body: bytes, status: int = 200, *addresses: str, **headers: str
) -> Iterator[list[Any]]:
    """Let every name lead to *addresses*, and be answered there with *body*; yields the pools that
    were asked."""
    asked: list[Any] = []
    places = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in addresses or (OUTSIDE,)
    ]

    def open_(pool: Any, method: str, path: str, **how: Any) -> urllib3.HTTPResponse:
        asked.append((pool, method, path, how))
        return urllib3.HTTPResponse(BytesIO(body), headers, status, preload_content=False)

    with (
        mock.patch.object(socket, "getaddrinfo", return_value=places),
        mock.patch.object(urllib3.HTTPSConnectionPool, "urlopen", open_),
    ):
        yield asked
