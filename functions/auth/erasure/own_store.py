"""What auth has of a customer, and how each is erased."""

from collections.abc import Sequence

from auth import rows
from auth.profile import store as profiles
from auth.visits import store as visits
from common import erasure, table, timers
from common.conditions import Attr
from common.erasure import Kind


def _with_session(row: table.Item) -> Sequence[table.Write]:
    """A sign-in goes with the session that it began."""
    return [*erasure.delete(row), session(row["sk"].removeprefix("SIGN_IN#"))]


def _with_claims(row: table.Item) -> Sequence[table.Write]:
    """An account has no sign-in names when it is erased; one that a restored copy brought back has
    those of then, which may be somebody else's by now."""
    account = rows.account(row)
    logins = [("LOGIN#" + login, "LOGIN") for login in account.logins]
    elsewhere = [(rows.identity_key(i.issuer, i.subject), "IDENTITY") for i in account.identities]
    claims = [key for key in logins + elsewhere if _is_of(account.id, *key)]
    own = Attr("subject_id").eq(account.id)
    return [*erasure.delete(row), *(table.delete(*key, own) for key in claims)]


def _is_of(customer_id: str, pk: str, sk: str) -> bool:
    claim = table.get(pk, sk)
    return claim is not None and claim["subject_id"] == customer_id


def _with_timer(row: table.Item) -> Sequence[table.Write]:
    """Timers go with the profile: a birthday's would tell the birthday."""
    profile = profiles.parse(row)
    awaited = profiles.awaiting(profile) + visits.awaiting(profile.id)
    return [*erasure.delete(row), *map(timers.forget, awaited)]


def session(session_id: str) -> table.Write:
    return table.delete(f"SESSION#{session_id}", "SESSION", condition=None)


KINDS = (
    Kind("account", "ACCOUNT", how=_with_claims),
    Kind("profile", "PROFILE", how=_with_timer),
    Kind("consents", "CONSENT#", how=erasure.proof_only, why="proof_of_consent"),
    Kind("erasure request", "ERASURE"),
    Kind("notes", "NOTE#"),
    Kind("notes", "NOTEBOOK"),
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
