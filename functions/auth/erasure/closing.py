"""How an account closes: its sessions end, its sign-in names are free, nothing proves it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from auth import store as accounts
from auth.account import Account
from auth.erasure import store
from auth.erasure.erasure import Erasure
from auth.profile import store as profiles
from common import contacts, sealing
from common.access import Role
from common.language import DEFAULT


def close(before: Erasure, now: datetime) -> None:
    """Close the account and go on with its erasure, all or nothing. Refused unless the erasure is
    still as it was read."""
    account = accounts.account(before.customer_id, Role.CUSTOMER)
    if account is None:
        raise LookupError(before.customer_id)
    told = _told(before.id, account)

    def attempt(found: Account) -> None:
        ends: Sequence[str] = sorted(found.session_ids)
        after = before.closed(now, tuple(ends), **told)
        beside = store.change(before, after)
        accounts.end_sessions(found, _bare(found), ends, now, writes=beside)

    accounts.persist(account, attempt)


def _bare(account: Account) -> Account:
    return replace(
        account.revoking(),
        logins=(),
        password_hash=None,
        identities=(),
        passkeys=(),
        factors=(),
        recovery_codes=(),
        devices=(),
        seen=(),
        changes=(),
    )


def _told(erasure_id: str, account: Account) -> dict[str, object]:
    """How the owner hears of the end: by where they are reached now, sealed."""
    to = account.email or account.phone
    profile = profiles.peek(account.id)
    return {
        "channel": "email" if account.email else "sms",
        "language": (profile.language if profile else DEFAULT).value,
        "contact_keys": tuple(map(_key, account.logins)),
        "letter": sealing.seal(erasure_id, json.dumps({"to": to})),
    }


def _key(login: str) -> str:
    return contacts.key("email" if "@" in login else "phone", login)
