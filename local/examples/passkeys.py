"""Bodies of passkeys: as browsers make them, for a challenge of long ago."""

from typing import Any

ID = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"
CHALLENGE = "01980000-0000-7000-8000-000000000000"
CLIENT = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiIiwib3JpZ2luIjoiIn0"
CREDENTIAL = {"id": ID, "rawId": ID, "type": "public-key", "clientExtensionResults": {}}
MADE: dict[str, Any] = CREDENTIAL | {
    "response": {
        "clientDataJSON": CLIENT,
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA",
        "transports": ["internal", "hybrid"],
    }
}
SHOWN: dict[str, Any] = CREDENTIAL | {
    "response": {
        "clientDataJSON": CLIENT,
        "authenticatorData": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJABAAAAAQ",
        "signature": "MEUCIQDNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N",
        "userHandle": "MDE5ODAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw",
    }
}
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/auth/passkeys": {"challenge_id": CHALLENGE, "credential": MADE, "name": "My laptop"},
    "PATCH /v1/auth/passkeys/{passkey_id}": {"name": "The old phone"},
    "POST /v1/auth/passkeys/sign-in": {"challenge_id": CHALLENGE, "credential": SHOWN},
    "POST /v1/auth/passkeys/step-ups/{step_up_id}/proof": {"credential": SHOWN},
    "POST /v1/auth/passkeys/second-steps/{second_step_id}/confirm": {"credential": SHOWN},
}
