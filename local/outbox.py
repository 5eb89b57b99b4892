"""The letters and SMS the local stack sent, newest first."""

import json
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast


@dataclass(frozen=True)
class Message:
    """One letter or SMS as it was handed to the provider."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: str


def messages(endpoint: str) -> list[Message]:
    """Everything sent so far, newest first."""
    found = [letter(entry) for entry in sent(endpoint, "/_ministack/ses/messages", "messages")]
    found += [
        sms(entry) for entry in sent(endpoint, "/_ministack/sns/sms-messages", "sms_messages")
    ]
    return sorted(found, key=lambda message: message.sent_at, reverse=True)


def sent(endpoint: str, path: str, key: str) -> list[dict[str, Any]]:
    """The emulator groups what was sent by account or by telephone number; flatten it."""
    with urllib.request.urlopen(endpoint + path, timeout=10) as answer:  # noqa: S310
        groups = cast(dict[str, Any], json.load(answer))[key]
    return [entry for entries in groups.values() for entry in entries]


def letter(entry: dict[str, Any]) -> Message:
    return Message(
        entry["MessageId"],
        "email",
        ", ".join(entry["To"]),
        entry["Subject"],
        entry["BodyText"] or "",
        entry["BodyHtml"] or "",
        moment(entry["Timestamp"]),
    )


def sms(entry: dict[str, Any]) -> Message:
    at = moment(entry["Timestamp"])
    return Message(entry["MessageId"], "sms", entry["PhoneNumber"], "", entry["Message"], "", at)


def moment(timestamp: float) -> str:
    at = datetime.fromtimestamp(timestamp, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
