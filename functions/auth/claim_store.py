"""Claims in DynamoDB: what makes a login, an account elsewhere or a passkey one account's.

pk                        sk         what
LOGIN#<e-mail or phone>   LOGIN      whose login it is, with a copy of the account
IDENTITY#<issuer>#<sub>   IDENTITY   whose account elsewhere it is
PASSKEY#<credential id>   PASSKEY    whose passkey it is

They are written with the account only: see auth.store.
"""

from collections.abc import Sequence

from auth import rows
from auth.account import Account, Identity, Passkey
from common import table


class LoginTaken(Exception):
    """Nothing was written: a login is somebody else's."""


class IdentityTaken(Exception):
    """Nothing was written: an account somewhere else is linked to somebody already."""


class PasskeyTaken(Exception):
    """Nothing was written: a passkey is somebody's already."""


Claim = tuple[table.Write, type[Exception]]


def added(after: Account, before: Account | None = None) -> list[Claim]:
    """Claim what *before* had not: writes, each with what it means where one is refused."""
    had = before or Account(after.id, after.role, ())
    logins = [login for login in after.logins if login not in had.logins]
    identities = _beyond(after.identities, had.identities)
    passkeys = _unlike(after.passkeys, had.passkeys)
    return [
        *((table.put(rows.claim_row(login, after)), LoginTaken) for login in logins),
        *((table.put(rows.identity_row(one, after)), IdentityTaken) for one in identities),
        *((table.put(rows.passkey_row(one, after)), PasskeyTaken) for one in passkeys),
    ]


def kept(before: Account, after: Account) -> list[table.Write]:
    """Bring the claims that stay up to date, and give up those that *after* has not."""
    stay = [login for login in after.logins if login in before.logins]
    gone = [login for login in before.logins if login not in after.logins]
    left = _beyond(before.identities, after.identities)
    lost = _unlike(before.passkeys, after.passkeys)
    return [
        *(table.put(rows.claim_row(login, after), condition=None) for login in stay),
        *(table.delete(f"LOGIN#{login}", "LOGIN", condition=None) for login in gone),
        *(table.delete(_key(one), "IDENTITY", condition=None) for one in left),
        *(table.delete(f"PASSKEY#{one.credential_id}", "PASSKEY", condition=None) for one in lost),
    ]


def _beyond(some: Sequence[Identity], others: Sequence[Identity]) -> list[Identity]:
    known = {_key(one) for one in others}
    return [one for one in some if _key(one) not in known]


def _unlike(some: Sequence[Passkey], others: Sequence[Passkey]) -> list[Passkey]:
    known = {one.credential_id for one in others}
    return [one for one in some if one.credential_id not in known]


def _key(one: Identity) -> str:
    return rows.identity_key(one.issuer, one.subject)
