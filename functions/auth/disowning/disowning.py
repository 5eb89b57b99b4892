"""How an account is closed by the link of a letter, and its owner let back in."""

from datetime import datetime

from auth import store
from auth.account import Account
from auth.challenge import proof
from auth.challenge.challenge import Challenge, Purpose
from auth.history import store as history
from auth.recovery import recovering, recovery
from common.access import Role
from common.errors import NotFound
from common.language import Language
from common.not_me import Link


def disown(link: Link, language: Language, network: str, at: datetime) -> Challenge:
    """Close the account and begin its recovery, whose code goes to the login. A link closes once;
    afterwards it only shows the recovery that it began. NotFound when there is no such account."""
    account = store.account(link.customer_id, Role.CUSTOMER)
    if account is None:
        raise NotFound
    _close(account, link, at)
    login = account.email or str(account.phone)
    id_ = proof.identity(Purpose.RECOVERY, f"{link.entry_id} {language}", login, at)
    challenge = recovering.begun(id_, login, language, network, at)
    proof.begin(challenge)
    return challenge


def _close(account: Account, link: Link, at: datetime) -> None:
    def attempt(found: Account) -> None:
        noted = history.disown(found, link.entry_id, at)
        store.end_sessions(found, recovery.closed(found), found.session_ids, at, writes=[noted])

    try:
        store.persist(account, attempt)
    except store.Refused:
        return
    except store.Changed as gone:
        raise NotFound from gone
