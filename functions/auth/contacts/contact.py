"""How the contacts of an account change, and how a change is undone. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from auth.account import Account, ContactChange
from auth.closing import closed
from common.contacts import Kind
from common.errors import Problem
from common.language import Text

# How long whoever had the contact before may have it back.
UNDOABLE = timedelta(days=7)


class ContactKnown(Problem):
    status = 409
    code = "contact_known"
    title = Text(
        ru="Этот контакт уже есть в вашем аккаунте.",
        en="Your account has this contact already.",
    )


class LastContact(Problem):
    """Without any contact nobody could sign in, nor be told of anything."""

    status = 409
    code = "last_contact"
    title = Text(
        ru="Это единственный контакт. Сначала добавьте другой.",
        en="This is your only contact. Add another one first.",
    )


def kind_of(contact: str) -> Kind:
    return "email" if "@" in contact else "phone"


def of_kind(account: Account, kind: Kind) -> str | None:
    return account.email if kind == "email" else account.phone


def changed(
    before: Account, kind: Kind, contact: str | None, change_id: str, at: datetime
) -> Account:
    """*before* with *contact* in the place of the one of its *kind*; the change can be undone.

    The new one comes last, for the order of logins tells their age. Sign-ins under way are
    refused: they may be by what is no login any more.
    """
    others = tuple(login for login in before.logins if kind_of(login) != kind)
    logins = (*others, contact) if contact else others
    change = ContactChange(change_id, before.logins, at)
    remembered = (*(c for c in before.changes if at < c.at + UNDOABLE), change)
    return replace(before.revoking(), logins=logins, changes=remembered)


def without_later(before: Account, proven: str) -> Account:
    """*before* without the contact that came after *proven*, and without the links that would
    give it back.

    What was there ahead of *proven* stays: else whoever attached a contact would be rid of the
    owner's by proving theirs.
    """
    kept = before.logins[: before.logins.index(proven) + 1]
    harmless = (c for c in before.changes if proven not in c.before or c.before[-1] == proven)
    return replace(before, logins=kept, changes=tuple(harmless))


def taken_off(before: Account, after: Account) -> Kind | None:
    """Which contact of *before* is gone without another in its place, if one is."""
    gone = [login for login in before.logins if login not in after.logins]
    return kind_of(gone[0]) if gone else None


def told(before: Account, after: Account) -> list[str]:
    """Who hears of the change: the contact that is gone; where none is, those that there were."""
    gone = [login for login in before.logins if login not in after.logins]
    return gone or list(before.logins)


def has_had(account: Account, login: str) -> bool:
    """Whether *login* is the account's, or was so lately."""
    return any(login in logins for logins in (account.logins, *(c.before for c in account.changes)))


def undoable(account: Account, change_id: str, at: datetime) -> ContactChange | None:
    """The change of that id while it can be undone, or has been."""
    found = (change for change in account.changes if change.id == change_id)
    return next((change for change in found if at < change.at + UNDOABLE), None)


def undone(before: Account, change: ContactChange) -> Account:
    """*before* with the contacts that it had ahead of *change*, closed to whoever came in by then:
    that and whatever came later is undone with it, so that nobody who made a later one can have it
    back."""
    since = before.changes.index(change)
    later = tuple(replace(c, undone=True) for c in before.changes[since:])
    kept = closed(before, change.at)
    return replace(kept, logins=change.before, changes=(*before.changes[:since], *later))
