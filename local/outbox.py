"""The letters, SMS, calls, messenger texts and pushes of the local stack, newest first."""

import json
import re
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from local import aws, deployment


@dataclass(frozen=True)
class Message:
    """One message as it was handed to the provider, or kept where none is set up."""

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
    found += [kept(entry) for entry in sandbox(endpoint)]
    return sorted(found, key=lambda message: message.sent_at, reverse=True)


def sent(endpoint: str, path: str, key: str) -> list[dict[str, Any]]:
    """The emulator groups what was sent by account or by telephone number; flatten it."""
    with urllib.request.urlopen(endpoint + path, timeout=10) as answer:  # noqa: S310
        groups = cast(dict[str, Any], json.load(answer))[key]
    return [entry for entries in groups.values() for entry in entries]


def sandbox(endpoint: str) -> list[dict[str, Any]]:
    """The calls, messenger texts and pushes that notify keeps in its table."""
    found = aws.client("dynamodb", endpoint).query(
        TableName=deployment.find(endpoint).resources["NotifyTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "SANDBOX"}},
    )
    return [{name: next(iter(v.values())) for name, v in row.items()} for row in found["Items"]]


def kept(row: dict[str, Any]) -> Message:
    """A call as its words, without the marks that tell a voice how to say them."""
    text = re.sub(r"<[^>]+>", " ", row["text"]) if row["channel"] == "voice" else row["text"]
    at = moment(datetime.fromisoformat(row["sent_at"]).timestamp())
    return Message(row["sk"], row["channel"], row["to"], "", " ".join(text.split(" ")), "", at)


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
