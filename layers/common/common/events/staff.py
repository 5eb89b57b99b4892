"""What auth tells of the staff."""

from typing import Literal

from common.events import Event


class StaffSignedIn(Event):
    """A session of a member of staff began."""

    name = "auth.staff_signed_in.v1"

    staff_id: str
    session_id: str


class StaffInvited(Event):
    """Somebody is asked to join the staff, or as a member to set password and second factor anew
    (`renews`). `letter` seals {"to", "token"} for the invitation."""

    name = "auth.staff_invited.v1"
    sealed = True

    invitation_id: str
    role: Literal["agent", "manager", "owner"]
    language: str
    letter: str
    renews: bool = False


class StaffJoined(Event):
    """Who was invited is a member of staff: their second factor is set up."""

    name = "auth.staff_joined.v1"

    staff_id: str
    role: Literal["agent", "manager", "owner"]


class StaffRoleChanged(Event):
    """A member of staff has another role; their sessions have ended."""

    name = "auth.staff_role_changed.v1"

    staff_id: str
    role: Literal["agent", "manager", "owner"]
    changed_by: str


class StaffRemoved(Event):
    """Somebody is no member of staff any longer; their sessions have ended."""

    name = "auth.staff_removed.v1"

    staff_id: str
    removed_by: str


class StaffActed(Event):
    """A member of staff changed something, in whatever capability: auth keeps the trail.

    `resource` names the thing by the path's first parts; nothing of the request's body is told.
    """

    name = "auth.staff_acted.v1"

    staff_id: str
    role: str
    verb: str
    path: str
    resource: str
    request_id: str
