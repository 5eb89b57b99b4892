"""How a change of a contact is undone, by the link that went to where the account was before."""

from datetime import datetime

from auth import store as accounts
from auth.account import Account
from auth.contacts import contact, store, tokens
from auth.registration.registration import ContactTaken
from common.access import Role
from common.errors import Busy, NotFound


def undo(token: str, at: datetime) -> None:
    """Give the account the contacts that it had, and end all its sessions; nothing happens when
    that was done before. NotFound when the link is over, ContactTaken when somebody has what
    was given up."""
    link = tokens.unseal(token)

    def attempt(found: Account) -> None:
        change = contact.undoable(found, link.change_id, at)
        if change is None:
            raise NotFound
        if not change.undone:
            store.change_and_end(found, contact.undone(found, change), at)

    account = accounts.account(link.customer_id, Role.CUSTOMER)
    if account is None:
        raise NotFound
    try:
        accounts.persist(account, attempt)
    except accounts.Changed as gone:
        raise NotFound from gone
    except accounts.LoginTaken as taken:
        raise ContactTaken from taken
    except accounts.Refused as meanwhile:
        raise Busy from meanwhile
