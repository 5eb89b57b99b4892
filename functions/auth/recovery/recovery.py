"""A recovery: what becomes of an account when its owner sets a password by a code. Pure."""

from dataclasses import replace

from auth.account import Account
from auth.challenge.challenge import Challenge
from auth.closing import closed
from auth.contacts.contact import without_later


def is_for(challenge: Challenge, account: Account | None) -> bool:
    """Whether the code still opens *account*, which has its login now: a password set since it
    was sent, by another code or otherwise, ends it, and so does a login that is another's."""
    return (
        account is not None
        and account.id == challenge.subject_id
        and account.password_version == challenge.password_version
    )


def recovered(account: Account, login: str, password_hash: str, home: str) -> Account:
    """The account as it is once its owner, who has *login* and is at *home*, has set a password:
    closed to everybody else, without a contact later than that *login*."""
    kept = closed(without_later(account, login))
    return replace(kept, password_hash=password_hash, devices=(home,))
