"""HTTP routes of consents to data."""

from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import AwareDatetime, Field

from auth.consents import store as consents
from auth.consents.consent import WORDINGS, Consent, Purpose, current_version, decided
from auth.profile import store
from auth.profile.facts import consent_changed, facts
from auth.profile.profile import Profile, consenting
from common import access, clock, networks, pepper, table
from common import api as shell
from common.errors import NotFound
from common.language import Language

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

SOURCE = "account"
PurposeInPath = Annotated[str, Path(pattern=r"^[a-z]{1,40}$")]


class ConsentBody(shell.Body):
    """`text_version` is that of the text which was shown."""

    given: Annotated[bool, Field(strict=True)]
    text_version: Annotated[int, Field(strict=True, ge=1, le=10_000)]


class ConsentView(shell.View):
    """What is asked now, and what the customer said last: `given_version` is the text that they
    saw then; both null for what they were never asked."""

    purpose: Purpose
    title: str
    text: str
    text_version: int
    given: bool
    given_version: int | None
    decided_at: AwareDatetime | None


class ConsentsView(shell.View):
    items: list[ConsentView]


@router.get("/v1/me/consents")
def list_consents() -> ConsentsView:
    """List what your data may be used for, with the text of each consent."""
    held = store.find(access.customer(router).id).consents
    language = shell.language(router)
    return ConsentsView(items=[_view(p, held.get(p), language) for p in Purpose])


@router.put("/v1/me/consents/<purpose>", responses=shell.shown(ConsentView))
def decide(purpose: PurposeInPath, request: ConsentBody) -> Response[Any]:
    """Give a consent, or withdraw it: what is kept by it is forgotten then."""
    caller = access.customer(router)
    if purpose not in Purpose:
        raise NotFound
    named = Purpose(purpose)
    held = table.retried(partial(_decide, caller.id, named, request))
    return shell.answer(_view(named, held, shell.language(router)))


def _decide(customer_id: str, purpose: Purpose, request: ConsentBody) -> Consent:
    now, before = clock.now(), store.find(customer_id)
    decision = decided(purpose, request.given, request.text_version, now)
    after = consenting(before, purpose, decision)
    if after is before:
        return before.consents[purpose]
    told = [consent_changed(after, purpose, decision), *facts(before, after, now)]
    kept = consents.record(after, purpose, decision, SOURCE, _network(after))
    store.save(before, after, *told, beside=[kept])
    return decision


def _network(customer: Profile) -> str:
    return pepper.mac("consent-network", customer.id, networks.of(router)).hex()[:16]


def _view(purpose: Purpose, held: Consent | None, language: Language) -> ConsentView:
    wording = WORDINGS[purpose][-1]
    return ConsentView(
        purpose=purpose,
        title=wording.title[language],
        text=wording.text[language],
        text_version=current_version(purpose),
        given=held is not None and held.given,
        given_version=held.text_version if held else None,
        decided_at=held.at if held else None,
    )
