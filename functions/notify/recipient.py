"""Whoever a message is for: where they are reached, what they chose, what they had lately. Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notify.message import Channel, Contact
from notify.preferences.preferences import Preferences
from notify.push.device import Devices

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Recent:
    """The marketing that went out lately: message ids and seconds. Version 0 was never written."""

    version: int = 0
    sent: Mapping[str, int] = field(default_factory=dict)

    def counts(self, message_id: str) -> bool:
        """Whether the message is one of them already."""
        return message_id in self.sent

    def has_room(self, most: int, now: datetime) -> bool:
        return len(self._week(now)) < most

    def with_(self, message_id: str, now: datetime) -> "Recent":
        """With the message among them, and without those older than a week."""
        sent = {**self._week(now), message_id: int(now.timestamp())}
        return Recent(self.version + 1, sent)

    def _week(self, now: datetime) -> dict[str, int]:
        since = int((now - WEEK).timestamp())
        return {id_: at for id_, at in self.sent.items() if at > since}


@dataclass(frozen=True, slots=True)
class Recipient:
    """*closed* are the channels that lead to this contact no more; *devices* take pushes."""

    contact: Contact
    preferences: Preferences
    recent: Recent
    closed: Set[Channel]
    devices: Devices

    @property
    def addresses(self) -> dict[Channel, str]:
        """By channel, best first; the inbox needs none."""
        return self.contact.addresses
