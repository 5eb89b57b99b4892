"""A device that makes passkeys and proves by them, as software: what WebAuthn says, and what it
forbids where a test asks for it. The known one, `soft-webauthn`, never verifies its user."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "https://account.example.com"
PRESENT, VERIFIED, MAY_SYNC, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
UNNAMED = bytes(16)  # devices that are asked for no attestation do not tell their model


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Passkey:
    """A credential that the device holds: for a site, as whom that knows its user."""

    domain: str
    handle: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: str = field(default_factory=lambda: encoded(os.urandom(32)))
    count: int = 0

    @property
    def cose(self) -> bytes:
        """Its public key (RFC 9053): ES256 on P-256."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})


@dataclass
class Authenticator:
    """`verifies` its user by a PIN or a finger, or not; `counts` uses, or `syncs` passkeys to
    other devices, which count nothing."""

    origin: str = ORIGIN
    verifies: bool = True
    counts: bool = False
    syncs: bool = True
    held: list[Passkey] = field(default_factory=list)

    def make(self, options: dict[str, Any], made: Passkey | None = None) -> dict[str, Any]:
        """What `navigator.credentials.create` gives, as JSON; the device holds the passkey, which
        is a new one unless it is *made* already."""
        passkey = made or Passkey(options["rp"]["id"], options["user"]["id"])
        self.held.append(passkey)
        raw = decoded(passkey.id)
        attested = UNNAMED + len(raw).to_bytes(2) + raw + passkey.cose
        data = self._data(passkey, ATTESTED) + attested
        whole = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        response = {"clientDataJSON": encoded(client), "attestationObject": encoded(whole)}
        return self._credential(passkey, response | {"transports": ["internal"]})

    def prove(self, options: dict[str, Any], passkey: Passkey | None = None) -> dict[str, Any]:
        """What `navigator.credentials.get` gives, as JSON: by the newest passkey of the site that
        may be shown, or the one named."""
        allowed = [one["id"] for one in options.get("allowCredentials", [])]
        held = [one for one in self.held if one.domain == options["rpId"]]
        fitting = [one for one in held if not allowed or one.id in allowed]
        chosen = passkey or fitting[-1]
        chosen.count += self.counts
        client, data = self._client("webauthn.get", options), self._data(chosen)
        signed = chosen.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signed),
            "userHandle": chosen.handle,
        }
        return self._credential(chosen, response)

    def _data(self, passkey: Passkey, more: int = 0) -> bytes:
        flags = PRESENT | more
        flags |= VERIFIED if self.verifies else 0
        flags |= MAY_SYNC | SYNCED if self.syncs else 0
        site = hashlib.sha256(passkey.domain.encode()).digest()
        return site + bytes([flags]) + passkey.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _credential(self, passkey: Passkey, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": passkey.id,
            "rawId": passkey.id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
