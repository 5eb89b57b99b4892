"""What auth has of a customer, how each is erased, and what of it is shown."""

from collections.abc import Sequence

from auth import claim_store, rows
from auth.avatar import file_store as picture_files
from auth.avatar import store as pictures
from auth.erasure import told
from auth.export import file_store
from auth.profile import store as profiles
from auth.visits import store as visits
from common import erasure, table, timers
from common.conditions import Attr
from common.erasure import Kind
from common.shown import COUNTS, NAMELESS, REPEATS, only, with_id


def _with_session(row: table.Item) -> Sequence[table.Write]:
    """A sign-in goes with the session that it began."""
    return [*erasure.delete(row), session(row["sk"].removeprefix("SIGN_IN#"))]


def _with_claims(row: table.Item) -> Sequence[table.Write]:
    """An account claims nothing when it is erased; one that a restored copy brought back claims
    what it did then, which may be somebody else's by now."""
    account = rows.account(row)
    claims = [key for key in claim_store.keys(account) if _is_of(account.id, *key)]
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


def _with_files(row: table.Item) -> Sequence[table.Write]:
    """A picture's row goes after its files: should that fail, it is found again."""
    picture_files.drop(pictures.name(row))
    return erasure.delete(row)


def _with_archive(row: table.Item) -> Sequence[table.Write]:
    """An export goes after its files; one that changed meanwhile has others, so its row is
    refused and they are looked for again."""
    file_store.drop(row["sk"].removeprefix("EXPORT#"))
    return [table.delete(row["pk"], row["sk"], Attr("version").eq(row["version"]))]


def session(session_id: str) -> table.Write:
    return table.delete(f"SESSION#{session_id}", "SESSION", condition=None)


KINDS = (
    Kind("account", "ACCOUNT", how=_with_claims, shown=told.account),
    Kind("profile", "PROFILE", how=_with_timer, shown=told.PROFILE),
    Kind(
        "consents",
        "CONSENT#",
        how=erasure.proof_only,
        why="proof_of_consent",
        shown=told.consent,
    ),
    Kind("erasure request", "ERASURE", shown=only("erasure_id")),
    Kind("notes", "NOTE#", shown=with_id("text", "created_at", "updated_at")),
    Kind("notes", "NOTEBOOK", shown=COUNTS),
    Kind("picture", "PICTURE#", how=_with_files, shown=only("made_at", "state")),
    Kind("picture", "UPLOAD", shown=COUNTS),
    Kind(
        "first steps and counters",
        "GUIDE",
        shown=only("dismissed", "hidden", "succeeded_at"),
    ),
    Kind("first steps and counters", "MATTER#", shown=REPEATS),
    Kind("sign-ins", "SIGN_IN#", how=_with_session, shown=only("at")),
    Kind("history of sign-ins", "ENTRY#", shown=told.SIGN_IN),
    Kind("who looked at the data", "VIEWED#", shown=only("role", "what", "resource_id", "at")),
    Kind("exports", "EXPORT#", how=_with_archive, shown=with_id("requested_at", "ends_at")),
    Kind("exports", "EXPORTS", shown=COUNTS),
    erasure.ANSWERS,
    Kind("sessions", "SESSION", partition="SESSION#", shown=told.SESSION),
    Kind("sign-in names", "LOGIN", partition="LOGIN#", shown=REPEATS),
    Kind("accounts at providers", "IDENTITY", partition="IDENTITY#", shown=REPEATS),
    Kind("passkeys", "PASSKEY", partition="PASSKEY#", shown=REPEATS),
    Kind(
        "sign-ins by providers",
        "FLOW",
        partition="FLOW#",
        why="expires_within_a_day",
        shown=NAMELESS,
    ),
    Kind(
        "proof of the erasure",
        "ERASURE",
        partition="ERASURE#",
        why="proof_of_erasure",
        shown=REPEATS,
    ),
    Kind("list of the erased", "", partition="ERASED", why="proof_of_erasure", shown=REPEATS),
)
