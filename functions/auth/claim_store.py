"""Claims in DynamoDB: what makes a login, or an account elsewhere, one account's.

pk                        sk         what
LOGIN#<e-mail or phone>   LOGIN      whose login it is, with a copy of the account
IDENTITY#<issuer>#<sub>   IDENTITY   whose account elsewhere it is

They are written with the account only: see auth.store.
"""

from collections.abc import Sequence

from auth import rows
from auth.account import Account, Identity
from common import table


def logins(account: Account, before: Sequence[str] = ()) -> list[table.Write]:
    """Claim the logins that were not the account's *before*; refused where somebody has one."""
    added = [login for login in account.logins if login not in before]
    return [table.put(rows.claim_row(login, account)) for login in added]


def identities(account: Account, before: Sequence[Identity] = ()) -> list[table.Write]:
    """Claim the identities that were not the account's *before*; refused as of logins."""
    added = _beyond(account.identities, before)
    return [table.put(rows.identity_row(one, account)) for one in added]


def kept(before: Account, after: Account) -> list[table.Write]:
    """Bring the claims that stay up to date, and give up those that *after* has not."""
    stay = [login for login in after.logins if login in before.logins]
    gone = [login for login in before.logins if login not in after.logins]
    left = _beyond(before.identities, after.identities)
    return [
        *(table.put(rows.claim_row(login, after), condition=None) for login in stay),
        *(table.delete(f"LOGIN#{login}", "LOGIN", condition=None) for login in gone),
        *(table.delete(_key(one), "IDENTITY", condition=None) for one in left),
    ]


def _beyond(some: Sequence[Identity], others: Sequence[Identity]) -> list[Identity]:
    known = {_key(one) for one in others}
    return [one for one in some if _key(one) not in known]


def _key(one: Identity) -> str:
    return rows.identity_key(one.issuer, one.subject)
