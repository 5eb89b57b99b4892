"""Contacts in DynamoDB: in the account and its claims (auth.store), and in the profile.

Both change in one transaction with what is told of it.
"""

from dataclasses import replace
from datetime import datetime

from auth import store as accounts
from auth.account import Account
from auth.contacts import news
from auth.profile import store as profiles
from auth.profile.profile import Profile
from common import outbox, table
from common.events.auth import ContactClaimed


def change(before: Account, after: Account, at: datetime, *writes: table.Write) -> None:
    """Put *after* in the place of *before*, in the profile too, tell whoever had the contacts
    how to undo it, and carry out *writes*. Refuses as `change_account` does; Refused also when
    the profile changed meanwhile."""
    profile = profiles.find(before.id)
    links = news.undo_links(before, after, profile.language.value)
    _write(before, after, profile, at, *writes, *map(outbox.row, links))


def change_and_end(before: Account, after: Account, at: datetime, *writes: table.Write) -> None:
    """As `change`, and end all sessions of the account; nobody is offered to undo it."""
    ends = accounts.ends(sorted(before.live_at(at)), at)
    gone = after.without(before.session_ids)
    if gone.logins == before.logins:
        accounts.change_account(before, gone, *ends, *writes)
    else:
        _write(before, gone, profiles.find(before.id), at, *ends, *writes)


def tell_owner(claimed: ContactClaimed, *writes: table.Write) -> None:
    """Queue that somebody wanted the contact of a customer, with *writes*; once."""
    try:
        table.commit(*writes, outbox.row(claimed))
    except table.ConditionFailed:
        return


def _write(
    before: Account, after: Account, profile: Profile, at: datetime, *writes: table.Write
) -> None:
    reached = replace(profile, email=after.email, phone=after.phone, version=profile.version + 1)
    events = map(outbox.row, news.changed(profile, reached, at))
    accounts.change_account(before, after, *writes, profiles.change(profile, reached), *events)
