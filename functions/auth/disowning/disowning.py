"""How an account is closed by the link of a letter, and its owner let back in."""

from datetime import datetime

from auth import store
from auth.account import Account
from auth.challenge import proof
from auth.challenge.challenge import Challenge, Purpose
from auth.closing import closed
from auth.contacts import store as contacts
from auth.contacts.contact import without_later
from auth.history import store as history
from auth.recovery import recovering
from common.access import Role
from common.errors import Busy, NotFound
from common.language import Language
from common.not_me import Link


def disown(link: Link, language: Language, network: str, at: datetime) -> Challenge:
    """Close the account and begin its recovery, whose code goes to the login. A link closes once;
    afterwards it only shows the recovery that it began. NotFound when there is no such account."""
    account = store.account(link.customer_id, Role.CUSTOMER)
    if account is None:
        raise NotFound
    _close(account, link, at)
    login = _login(account)
    id_ = proof.identity(Purpose.RECOVERY, f"{link.entry_id} {language}", login, at)
    challenge = recovering.begun(id_, login, language, network, at)
    proof.begin(challenge)
    return challenge


def _close(account: Account, link: Link, at: datetime) -> None:
    def attempt(found: Account) -> None:
        noted = history.disown(found, link.entry_id, at)
        after = closed(without_later(found, _login(found)))
        contacts.change_and_end(found, after, at, noted)

    try:
        store.persist(account, attempt)
    except store.Refused as refused:
        if history.may_be_disowned(account, link.entry_id):
            raise Busy from refused  # the profile changed meanwhile
    except store.Changed as gone:
        raise NotFound from gone


def _login(account: Account) -> str:
    """Where the letter with the link went, and the code of the recovery goes."""
    return account.email or str(account.phone)
