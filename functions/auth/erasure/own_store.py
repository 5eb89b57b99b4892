"""What auth has of a customer, and how each is erased."""

from collections.abc import Sequence

from auth.avatar import file_store
from auth.avatar import store as pictures
from auth.profile import store as profiles
from auth.visits import store as visits
from common import erasure, table, timers
from common.erasure import Kind


def _with_session(row: table.Item) -> Sequence[table.Write]:
    """A sign-in goes with the session that it began."""
    return [*erasure.delete(row), session(row["sk"].removeprefix("SIGN_IN#"))]


def _with_timer(row: table.Item) -> Sequence[table.Write]:
    """Timers go with the profile: a birthday's would tell the birthday."""
    profile = profiles.parse(row)
    awaited = profiles.awaiting(profile) + visits.awaiting(profile.id)
    return [*erasure.delete(row), *map(timers.forget, awaited)]


def _with_files(row: table.Item) -> Sequence[table.Write]:
    """A picture's row goes after its files: should that fail, it is found again."""
    file_store.drop(pictures.name(row))
    return erasure.delete(row)


def session(session_id: str) -> table.Write:
    return table.delete(f"SESSION#{session_id}", "SESSION", condition=None)


KINDS = (
    Kind("account", "ACCOUNT"),
    Kind("profile", "PROFILE", how=_with_timer),
    Kind("picture", "PICTURE#", how=_with_files),
    Kind("picture", "UPLOAD"),
    Kind("consents", "CONSENT#", how=erasure.proof_only, why="proof_of_consent"),
    Kind("erasure request", "ERASURE"),
    Kind("notes", "NOTE#"),
    Kind("notes", "NOTEBOOK"),
    Kind("first steps and counters", "GUIDE"),
    Kind("first steps and counters", "MATTER#"),
    Kind("sign-ins", "SIGN_IN#", how=_with_session),
    Kind("history of sign-ins", "ENTRY#"),
    Kind("who looked at the data", "VIEWED#"),
    Kind("answers to repeated calls", "IDEMPOTENCY#"),
    Kind("sessions", "SESSION", partition="SESSION#"),
    Kind("sign-in names", "LOGIN", partition="LOGIN#"),
    Kind("accounts at providers", "IDENTITY", partition="IDENTITY#"),
    Kind("sign-ins by providers", "FLOW", partition="FLOW#", why="expires_within_a_day"),
    Kind("proof of the erasure", "ERASURE", partition="ERASURE#", why="proof_of_erasure"),
    Kind("list of the erased", "", partition="ERASED", why="proof_of_erasure"),
)
