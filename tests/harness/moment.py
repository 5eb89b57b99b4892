"""The fake AWS as it stands at a moment, to come back to."""

import time
from typing import Any

from moto.backends import get_backend

import objects
import standing
from cloud import Cloud
from common import access, clock
from wiring import ACCOUNT, REGION


class Moment:
    """Tables, queues, the clock and what was called so far, as they stand when this is made.

    Coming back, it is that moment again, however long ago that was; the functions have just read
    the revoked sessions, and need not do so again.
    """

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.at = clock.now()
        self.rows = {name: standing.kept(table.items) for name, table in standing.tables().items()}
        self.messages = {name: list(queue._messages) for name, queue in _queues().items()}
        self.relayed = dict(cloud._relayed)
        self.calls = len(cloud.calls)
        self.objects = objects.stored()
        self.revoked = access._revocations.ids

    def come_back(self) -> None:
        """Let all be as it was then."""
        for name, table in standing.tables().items():
            table.items = standing.kept(self.rows[name])
        for name, queue in _queues().items():
            queue._messages[:] = self.messages[name]
        objects.bring_back(self.objects)
        self.cloud.clock.offset += self.at - clock.now()
        self.cloud._relayed = dict(self.relayed)
        del self.cloud.calls[self.calls :]
        access._revocations.ids = self.revoked
        access._revocations.read_at = time.monotonic()


def _queues() -> dict[str, Any]:
    return get_backend("sqs")[ACCOUNT][REGION].queues
