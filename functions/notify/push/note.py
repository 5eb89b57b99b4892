"""What a device shows of a message, in the words of its platform's service. Pure.

Android: FCM HTTP v1 (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages);
iOS: APNs (https://developer.apple.com/documentation/usernotifications). SNS carries both.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from notify.message import Kind, Message

LONGEST_BODY = 180
# How long a service may wait for a device that is off: an offer is not to come at night.
LIFETIMES = {
    Kind.SECURITY: timedelta(days=1),
    Kind.TRANSACTIONAL: timedelta(days=1),
    Kind.MARKETING: timedelta(hours=1),
}
ANDROID = "GCM"  # as SNS still calls it


@dataclass(frozen=True, slots=True)
class Note:
    """`message_id` is the message in the inbox: what the application opens, and by which a note
    that came twice takes the place of the first."""

    title: str
    body: str
    message_id: str
    letter: str
    lifetime: timedelta

    @property
    def plain(self) -> str:
        return f"{self.title}\n{self.body}"


def of(message: Message) -> Note:
    body = message.push
    if len(body) > LONGEST_BODY:
        body = body[: LONGEST_BODY - 1].rstrip() + "…"
    lifetime = LIFETIMES[message.kind]
    return Note(message.subject, body, message.id, message.letter, lifetime)


def service(endpoint: str) -> str:
    """GCM, APNS or APNS_SANDBOX, as the ARN of an *endpoint* names it."""
    return endpoint.split("/")[1]


def payload(note: Note, service: str) -> str:
    """*note* as SNS takes it for the *service*."""
    told = _android(note) if service == ANDROID else _ios(note)
    text = json.dumps(told, ensure_ascii=False)
    return json.dumps({"default": note.title, service: text}, ensure_ascii=False)


def attributes(note: Note, service: str) -> Mapping[str, str]:
    """What SNS is told beside the payload; each name begins with AWS.SNS.MOBILE."""
    lifetime = {f"{service}.TTL": str(int(note.lifetime.total_seconds()))}
    if service == ANDROID:
        return lifetime
    return lifetime | {"APNS.PUSH_TYPE": "alert", "APNS.COLLAPSE_ID": note.message_id}


def _android(note: Note) -> dict[str, object]:
    message = {
        "notification": {"title": note.title, "body": note.body},
        "data": {"message_id": note.message_id, "letter": note.letter},
        "android": {"notification": {"tag": note.message_id}},
    }
    return {"fcmV1Message": {"message": message}}


def _ios(note: Note) -> dict[str, object]:
    aps = {"alert": {"title": note.title, "body": note.body}, "sound": "default"}
    return {"aps": aps, "message_id": note.message_id, "letter": note.letter}
