"""Cursors of list pages: opaque to the client, bound to their owner and their list."""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence

from common import pepper
from common.errors import Invalid
from common.table import Item, Page

MAC_BYTES = 16
LONGEST = 1024


def seal(owner: str, listing: str, last: Item | None) -> str | None:
    """The cursor of the page after *last*, or None where the list ends."""
    if last is None:
        return None
    payload = json.dumps(last, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(_mac(owner, listing, payload) + payload).decode().rstrip("=")


def unseal(owner: str, listing: str, cursor: str | None) -> Item | None:
    """Where the page starts. Invalid for a cursor of another owner or list, or a forged one."""
    if cursor is None:
        return None
    payload = _payload(owner, listing, cursor)
    start: Item = json.loads(payload)
    return start


def cut(
    page: Page, admits: Callable[[Item], bool], limit: int, place: Sequence[str] = ("pk", "sk")
) -> Page:
    """The *limit* first items of *page* that are admitted; the next page starts after the last of
    them, by the attributes that make its *place*, or where *page* ended."""
    found = [item for item in page.items if admits(item)]
    if len(found) <= limit:
        return Page(found, page.last)
    return Page(found[:limit], {name: found[limit - 1][name] for name in place})


def _payload(owner: str, listing: str, cursor: str) -> bytes:
    refused = Invalid(errors=[{"field": "query.cursor", "code": "unknown_cursor"}])
    if len(cursor) > LONGEST:
        raise refused
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as malformed:
        raise refused from malformed
    mac, payload = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(owner, listing, payload)):
        raise refused
    return payload


def _mac(owner: str, listing: str, payload: bytes) -> bytes:
    text = base64.b64encode(payload).decode()
    return pepper.mac("cursor", owner, listing, text)[:MAC_BYTES]
