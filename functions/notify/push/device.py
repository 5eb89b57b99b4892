"""Devices that take pushes for a customer: one a session, for that is on one device. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

# More than anybody carries; what was registered longest ago makes room.
MOST = 10


class Platform(StrEnum):
    """Whose service reaches the device: Firebase Cloud Messaging, or Apple's APNs."""

    ANDROID = "android"
    IOS = "ios"


@dataclass(frozen=True, slots=True)
class Device:
    """`id` is the session's. `mark` stands for the token, of which only the `ending` is shown.

    The token is kept `sealed` until SNS has made, or made good again, the `endpoint` for it.
    """

    id: str
    platform: Platform
    mark: str
    ending: str
    registered_at: datetime
    sealed: str | None = None
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Devices:
    """Oldest first. Version 0 is what holds for somebody who never registered any."""

    version: int = 0
    known: Sequence[Device] = ()

    def with_(self, device: Device) -> "Devices":
        """With *device*, for whatever its session or its token was registered for before."""
        others = [d for d in self.known if d.id != device.id and d.mark != device.mark]
        return Devices(self.version + 1, (*others, device)[-MOST:])

    def without(self, marks: Sequence[str]) -> "Devices":
        """Without the devices of these *marks*; itself where there is none of them."""
        left = tuple(d for d in self.known if d.mark not in marks)
        return self if len(left) == len(self.known) else Devices(self.version + 1, left)

    def ready(self, device: Device, endpoint: str) -> "Devices":
        """With *device* at its *endpoint*; itself where it was registered anew meanwhile."""
        good = replace(device, sealed=None, endpoint=endpoint)
        known = tuple(good if one == device else one for one in self.known)
        return Devices(self.version + 1, known) if good in known else self

    def lost_in(self, after: "Devices") -> list[Device]:
        """Those whose token nobody has in *after*."""
        marks = {device.mark for device in after.known}
        return [device for device in self.known if device.mark not in marks]

    def as_known(self, devices: Sequence[Device]) -> list[Device]:
        """Those of *devices* that are here, and were not registered anew meanwhile."""
        when = {device.mark: device.registered_at for device in devices}
        return [d for d in self.known if when.get(d.mark) == d.registered_at]

    def having(self, mark: str) -> Device | None:
        return next((device for device in self.known if device.mark == mark), None)

    def of_session(self, session_id: str) -> Device | None:
        return next((device for device in self.known if device.id == session_id), None)
