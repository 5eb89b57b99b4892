"""The owner: whose account a caller is signed in to, this very moment."""

from auth import store
from auth.account import Account
from common.access import Caller
from common.errors import Unauthorized


def own(caller: Caller) -> Account:
    """The caller's account. Unauthorized when the session has ended."""
    return live(store.account(caller.id, caller.role), caller)


def live(account: Account | None, caller: Caller) -> Account:
    """*account*, if the caller's session in it lives. Unauthorized."""
    if account is None or not account.is_in(caller.session_id):
        raise Unauthorized
    return account
