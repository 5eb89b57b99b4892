"""Offers: terms that the shop keeps until a moment, sealed so that nobody can change them.

The client carries the offer and brings it back; nothing is stored. An offer is bound to its kind
and to whom it was made; who made it can read it, but nobody can make another.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common import pepper

MAC_BYTES = 16
LONGEST = 4096


def seal(kind: str, owner: str, terms: Mapping[str, Any], until: datetime) -> str:
    """The offer of *terms* (what JSON holds) to *owner*, good until *until*."""
    offered = {"until": int(until.timestamp()), "terms": dict(terms)}
    payload = json.dumps(offered, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_mac(kind, owner, payload) + payload).decode().rstrip("=")


def unseal(kind: str, owner: str, offer: str, at: datetime) -> dict[str, Any] | None:
    """The terms, or None when the offer is none of the shop's to this owner, or too old."""
    try:
        sealed = base64.b64decode(offer + "=" * (-len(offer) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, payload = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(kind, owner, payload)):
        return None
    offered = json.loads(payload)
    terms: dict[str, Any] = offered["terms"]
    return terms if at.timestamp() < offered["until"] else None


def _mac(kind: str, owner: str, payload: bytes) -> bytes:
    text = base64.b64encode(payload).decode()
    return pepper.mac("offer", kind, owner, text)[:MAC_BYTES]
