"""What the owner of an account does with its second factors, once they are there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from auth import owner, rows, store
from auth.account import Account, FactorKind
from auth.factors import factors, recovery
from common import access, ids
from common.access import Act, Caller, Role
from common.events import Event
from common.events.sign_in import FactorAdded, FactorRemoved
from common.expressions import Item


def remove(caller: Caller, factor_id: str, at: datetime) -> None:
    """Take a factor away and end all other sessions. NotFound, LastFactor; StepUpRequired unless
    a factor has proven the caller, since the newest was added."""
    account, session = store.account_and_session(caller)
    own = owner.live(account, caller)
    factor = factors.found(own, factor_id)
    _require_proof_by_factor(own, session, at)

    def attempt(found: Account) -> None:
        gone = factors.found(owner.live(found, caller), factor_id)
        after = factors.removed(found, gone)
        end_others(caller, found, after, at, _told_removed(found, factor.kind, at))

    store.persist(own, attempt)


def prefer(caller: Caller, factor_id: str) -> Account:
    """Offer a factor before the others; the account then. NotFound."""

    def attempt(found: Account) -> Account:
        after = factors.preferred(found, factors.found(owner.live(found, caller), factor_id))
        if after != found:
            store.change_account(found, after)
        return after

    return store.persist(owner.own(caller), attempt)


def renew_codes(caller: Caller, drawn: bytes, at: datetime) -> list[str]:
    """New recovery codes, made of the random *drawn* and shown this once; those of before are
    worth nothing. StepUpRequired without a fresh proof, NoFactor."""
    account, session = store.account_and_session(caller)
    access.require_proof(session, Act.FACTORS, at)
    own = owner.live(account, caller)
    kept = recovery.hashed(caller.id, drawn) if own.factors else ()

    def attempt(found: Account) -> None:
        if not owner.live(found, caller).factors or not kept:
            raise factors.NoFactor
        store.change_account(found, replace(found, recovery_codes=kept))

    store.persist(own, attempt)
    return recovery.made(drawn)


def end_others(
    caller: Caller,
    before: Account,
    after: Account,
    at: datetime,
    told: Sequence[Event],
    *writes: store.Write,
) -> None:
    """Put *after* in the place of *before* and end all sessions but the caller's."""
    others = before.session_ids - {caller.session_id}
    store.end_sessions(before, after.revoking(), others, at, *told, writes=writes)


def told_added(account: Account, kind: FactorKind, at: datetime) -> list[Event]:
    return _told(account, at, lambda **known: FactorAdded(kind=kind.value, **known))


def _told_removed(account: Account, kind: FactorKind, at: datetime) -> list[Event]:
    return _told(account, at, lambda **known: FactorRemoved(kind=kind.value, **known))


def _told(account: Account, at: datetime, event: Callable[..., Event]) -> list[Event]:
    """Customers hear of it; the shop's operator makes staff."""
    if account.role is not Role.CUSTOMER:
        return []
    return [event(id=ids.new(at), occurred_at=at, customer_id=account.id)]


def _require_proof_by_factor(account: Account, session: Item | None, at: datetime) -> None:
    """A proof of before the newest factor may have been made by the password alone."""
    access.require_proof(session, Act.FACTORS, at)
    proven = (session or {})["proofs"][Act.FACTORS]
    if any(rows.seconds(factor.added_at) >= proven for factor in account.factors):
        raise access.StepUpRequired(Act.FACTORS)
