"""Linking: accounts elsewhere by which a customer signs in, added and taken away by the customer
who has just proven to be there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from auth import store
from auth.account import Account, Identity
from auth.factors.factors import LastWayIn
from auth.social import arrival
from auth.social import store as flows
from auth.social.flow import Flow, FlowOver, Person
from common import access, ids, outbox
from common.access import Act, Caller
from common.errors import NotFound, Problem, Unauthorized
from common.events.sign_in import IdentityLinked, IdentityUnlinked
from common.expressions import Item
from common.language import Text


class IdentityTaken(Problem):
    status = 409
    code = "identity_taken"
    title = Text(
        ru="Этот вход уже привязан к другому аккаунту.",
        en="This way of signing in is linked to another account.",
    )


class ProviderLinked(Problem):
    status = 409
    code = "provider_linked"
    title = Text(
        ru="К аккаунту уже привязан другой вход этого сервиса. Сначала отвяжите его.",
        en="Another account of this service is linked already. Unlink that one first.",
    )


def identities(caller: Caller) -> tuple[Identity, ...]:
    account, session = store.account_and_session(caller)
    access.require_live(session)
    return account.identities if account else ()


def link(caller: Caller, flow: Flow, person: Person, at: datetime) -> Identity:
    """Link *person*, whom *flow* showed, to the caller's account; again is fine.

    StepUpRequired unless the caller signed in after the flow began, second proof and all, or
    proved for `factors` to be there.
    """
    account, session = store.account_and_session(caller)
    _require_fresh(session, flow, at)
    if account is None:
        raise Unauthorized
    added = arrival.identity(person, at)

    def attempt(found: Account) -> Identity:
        _require_unchanged(account, found, caller)
        if known := found.identity(person.issuer, person.subject):
            return known
        after = _having(found, added)
        store.change_account(found, after, flows.link(flow, at), _linked(caller, person, at))
        return added

    return _told(partial(store.persist, account, attempt))


def unlink(caller: Caller, provider: str, at: datetime) -> None:
    """Let nobody sign in to the caller's account by *provider* any more. LastWayIn where there is
    no other way; StepUpRequired without a fresh proof."""
    account, session = store.account_and_session(caller)
    access.require_proof(session, Act.FACTORS, at)
    if account is None:
        raise Unauthorized

    def attempt(found: Account) -> None:
        _require_unchanged(account, found, caller)
        kept = tuple(one for one in found.identities if one.provider != provider)
        if kept == found.identities:
            raise NotFound
        after = replace(found.revoking(), identities=kept)  # sign-ins by it are refused
        if after.ways_in == 0:
            raise LastWayIn
        store.change_account(found, after, _unlinked(caller, provider, at))

    store.persist(account, attempt)


def _having(account: Account, added: Identity) -> Account:
    if any(one.provider == added.provider for one in account.identities):
        raise ProviderLinked
    return replace(account, identities=(*account.identities, added))


def _told(linked: Callable[[], Identity]) -> Identity:
    """What was *linked*; who refused it, in words."""
    try:
        return linked()
    except store.IdentityTaken as taken:
        raise IdentityTaken from taken
    except store.Refused as over:
        raise FlowOver from over


def _require_fresh(session: Item | None, flow: Flow, at: datetime) -> None:
    access.require_live(session)
    if session and datetime.fromisoformat(session["started_at"]) > flow.begun_at:
        return
    access.require_proof(session, Act.FACTORS, at)


def _require_unchanged(account: Account, found: Account, caller: Caller) -> None:
    """Another change of what proves it, meanwhile, wins."""
    if not found.proves_as(account) or not found.is_in(caller.session_id):
        raise access.StepUpRequired(Act.FACTORS)


def _linked(caller: Caller, person: Person, at: datetime) -> store.Write:
    known = {"id": ids.new(at), "occurred_at": at, "customer_id": caller.id}
    return outbox.row(IdentityLinked(provider=person.provider, **known))


def _unlinked(caller: Caller, provider: str, at: datetime) -> store.Write:
    known = {"id": ids.new(at), "occurred_at": at, "customer_id": caller.id}
    return outbox.row(IdentityUnlinked(provider=provider, **known))
