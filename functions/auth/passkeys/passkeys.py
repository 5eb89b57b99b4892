"""An account's passkeys: ten at most, each by a name of its owner's. Pure."""

from dataclasses import replace

from auth.account import Account, Passkey
from auth.factors.factors import LastWayIn
from common.errors import NotFound, Problem
from common.language import Text

MOST = 10
# What a passkey is called whose device says nothing of itself.
NAMELESS = Text(ru="Ключ доступа", en="Passkey")


class NotAPasskey(Problem):
    """What the device made is no passkey that was asked for here: made for another site or
    challenge, too late, for another session, or broken. All alike."""

    status = 422
    code = "not_a_passkey"
    title = Text(
        ru="Ключ доступа создать не получилось. Начните заново.",
        en="The passkey could not be made. Begin anew.",
    )


class PasskeyTaken(Problem):
    status = 409
    code = "passkey_taken"
    title = Text(
        ru="Этот ключ доступа уже добавлен к аккаунту.",
        en="This passkey has been added to an account already.",
    )


class TooManyPasskeys(Problem):
    status = 409
    code = "too_many_passkeys"
    title = Text(
        ru=f"Больше {MOST} ключей доступа не бывает. Уберите лишний.",
        en=f"There can be {MOST} passkeys at most. Remove one first.",
    )


def require_room(account: Account) -> None:
    if len(account.passkeys) >= MOST:
        raise TooManyPasskeys


def found(account: Account, passkey_id: str) -> Passkey:
    """The account's passkey of that id. NotFound."""
    passkey = account.passkey(passkey_id)
    if passkey is None:
        raise NotFound
    return passkey


def added(account: Account, passkey: Passkey) -> Account:
    """With *passkey*. TooManyPasskeys, PasskeyTaken."""
    require_room(account)
    if account.passkey_of(passkey.credential_id):
        raise PasskeyTaken
    return replace(account, passkeys=(*account.passkeys, passkey))


def renamed(account: Account, passkey_id: str, name: str) -> Account:
    """With another name for a passkey. NotFound."""
    found(account, passkey_id)
    named = (replace(one, name=name) if one.id == passkey_id else one for one in account.passkeys)
    return replace(account, passkeys=tuple(named))


def removed(account: Account, passkey_id: str) -> Account:
    """Without a passkey. NotFound; LastWayIn where there is no other way to sign in."""
    found(account, passkey_id)
    left = tuple(one for one in account.passkeys if one.id != passkey_id)
    after = replace(account, passkeys=left)
    if after.ways_in == 0:
        raise LastWayIn
    return after
