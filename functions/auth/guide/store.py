"""What the guide reads, in one trip.

pk             sk        what
CUSTOMER#<id>  PROFILE   see auth.profile.store
CUSTOMER#<id>  ACCOUNT   see auth.store
CUSTOMER#<id>  NOTEBOOK  see auth.notes.store
"""

from dataclasses import dataclass

from auth import rows
from auth.account import Account
from auth.profile import store as profiles
from auth.profile.profile import Profile
from common import table
from common.errors import NotFound


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer's account stands."""

    profile: Profile
    account: Account
    notes: int


def find(customer_id: str) -> Standing:
    """NotFound for somebody who is no customer, or no longer."""
    pk, parts = f"CUSTOMER#{customer_id}", ("PROFILE", "ACCOUNT", "NOTEBOOK")
    profile, account, notebook = table.get_many(*((table.OWN, pk, part) for part in parts))
    if profile is None or account is None:
        raise NotFound
    notes = notebook["notes"] if notebook else 0
    return Standing(profiles.parse(profile), rows.account(account), notes)
