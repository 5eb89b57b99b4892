"""What an export tells of an account: nothing that proves anybody, no staff. Pure."""

from common.expressions import Item
from common.shown import only

PROFILE = only(
    "registered_at",
    "name",
    "birthday",
    "email",
    "phone",
    "language",
    "time_zone",
    "interests",
    "needs",
    "consents",
    "absent_since",
    "greeted_on",
    "provider_picture",
)
SIGN_IN = only("at", "device", "outcome", "methods", "unusual", "times", "disowned_at")
SESSION = only("started_at", "rotated_at", "ended_at", "device", "acr", "amr")

_PARTS = {
    "identities": only("provider", "linked_at"),
    "passkeys": only("name", "added_at", "used_at", "synced"),
    "factors": only("kind", "to", "added_at"),
    "changes": only("at", "before", "undone"),
}
_CONSENT = only("given", "text_version", "at", "source")


def account(row: Item) -> Item:
    """How its owner signs in; of secrets only whether there are any."""
    parts = {name: [told(part) for part in row[name]] for name, told in _PARTS.items()}
    secrets = {"has_password": row["password_hash"] is not None}
    return {"sign_in_names": row["logins"], **secrets, **parts}


def consent(row: Item) -> Item:
    return {"purpose": row["sk"].split("#")[1], **_CONSENT(row)}
