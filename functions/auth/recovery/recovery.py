"""A recovery: what becomes of an account when its owner sets a password by a code. Pure."""

from dataclasses import replace

from auth.account import Account
from auth.challenge.challenge import Challenge
from auth.contacts.contact import without_later


def is_for(challenge: Challenge, account: Account | None) -> bool:
    """Whether the code still opens *account*, which has its login now: a password set since it
    was sent, by another code or otherwise, ends it, and so does a login that is another's."""
    return (
        account is not None
        and account.id == challenge.subject_id
        and account.password_version == challenge.password_version
    )


def closed(account: Account, login: str) -> Account:
    """The account with nothing left in it that a stranger may have put there to come back by:
    no session, no contact later than *login*, no provider's identity, no passkey, no place it
    knows, and no password.

    Second factors stay: whoever has the mailbox alone is not to be rid of them.
    """
    return replace(
        without_later(account, login).revoking().without(account.session_ids),
        password_hash=None,
        password_version=account.password_version + 1,
        identities=(),
        passkeys=(),
        devices=(),
        seen=(),
    )


def recovered(account: Account, login: str, password_hash: str, home: str) -> Account:
    """The account as it is once its owner, who has *login* and is at *home*, has set a password."""
    return replace(closed(account, login), password_hash=password_hash, devices=(home,))
