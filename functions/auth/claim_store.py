"""Claims in DynamoDB: what makes a login, an account elsewhere or a passkey one account's.

pk                        sk         what
LOGIN#<e-mail or phone>   LOGIN      whose login it is, with a copy of the account
IDENTITY#<issuer>#<sub>   IDENTITY   whose account elsewhere it is
PASSKEY#<credential id>   PASSKEY    whose passkey it is

They are written with the account only: see auth.store.
"""

from auth import rows
from auth.account import Account
from common import table
from common.expressions import Item


class LoginTaken(Exception):
    """Nothing was written: a login is somebody else's."""


class IdentityTaken(Exception):
    """Nothing was written: an account somewhere else is linked to somebody already."""


class PasskeyTaken(Exception):
    """Nothing was written: a passkey is somebody's already."""


Claim = tuple[table.Write, type[Exception]]


def keys(account: Account) -> list[tuple[str, str]]:
    """Where all claims of *account* lie."""
    return [(row["pk"], row["sk"]) for row, _ in _rows(account)]


def added(after: Account, before: Account | None = None) -> list[Claim]:
    """Claim what *before* had not: writes, each with what it means where one is refused."""
    had = keys(before) if before else []
    new = [(row, taken) for row, taken in _rows(after) if (row["pk"], row["sk"]) not in had]
    return [(table.put(row), taken) for row, taken in new]


def kept(before: Account, after: Account) -> list[table.Write]:
    """Bring the claims that stay up to date, and give up those that *after* has not."""
    stay = [login for login in after.logins if login in before.logins]
    claimed = keys(after)
    return [
        *(table.put(rows.claim_row(login, after), condition=None) for login in stay),
        *(table.delete(*key, condition=None) for key in keys(before) if key not in claimed),
    ]


def _rows(account: Account) -> list[tuple[Item, type[Exception]]]:
    return [
        *((rows.claim_row(login, account), LoginTaken) for login in account.logins),
        *((rows.identity_row(one, account), IdentityTaken) for one in account.identities),
        *((rows.passkey_row(one, account), PasskeyTaken) for one in account.passkeys),
    ]
