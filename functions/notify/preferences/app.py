"""HTTP routes of preferences."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from common import access, cursors
from common import api as shell
from common.errors import Invalid
from common.language import Language
from notify.message import MARKETING, Topic
from notify.preferences import store
from notify.preferences.keeping import change_choices
from notify.preferences.preferences import (
    CONSENT,
    TEXT_VERSION,
    TITLES,
    Choice,
    ConsentTextChanged,
    Preferences,
)

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Switch = Annotated[bool, Field(strict=True)]


class TopicBody(shell.Body):
    """`consent` is for topics of marketing only. It and `push`, left out, stay as they are."""

    topic: Topic
    email: Switch
    sms: Switch
    push: Switch | None = None
    consent: Switch | None = None


class PreferencesBody(shell.Body):
    """Topics that are not named stay as they are. A consent names the words it is given to."""

    topics: list[TopicBody] = Field(min_length=1, max_length=len(Topic))
    text_version: str | None = Field(default=None, max_length=16)


class TopicView(shell.View):
    """`push` is for devices that are registered; until it is chosen, it is as `email`."""

    topic: Topic
    title: str
    needs_consent: bool
    consent: bool
    email: bool
    sms: bool
    push: bool


class ConsentTextView(shell.View):
    version: str
    text: str


class PreferencesView(shell.View):
    """Security messages are no topic: nobody can switch them off."""

    topics: list[TopicView]
    consent_text: ConsentTextView


class ConsentView(shell.View):
    """One yes or no. `network` marks where it came from, and tells nobody where that is."""

    id: str
    topic: Topic
    given: bool
    text_version: str
    at: AwareDatetime
    source: str
    network: str


class ConsentsView(shell.View):
    items: list[ConsentView]
    next_cursor: str | None


@router.get("/v1/preferences", responses=shell.shown(PreferencesView))
def show_preferences() -> Response[Any]:
    """Show what the customer wants to hear of, and how."""
    return _answer(store.find(access.customer(router).id))


@router.put("/v1/preferences", responses=shell.shown(PreferencesView))
def put_preferences(request: PreferencesBody, if_match: shell.IfMatch = None) -> Response[Any]:
    """Choose channels by topic, and agree to marketing or withdraw."""
    caller = access.customer(router)
    _check(request)

    def choose(before: Preferences) -> dict[Topic, Choice]:
        shell.require_match(if_match, before.version)
        return _choices(request, before)

    return _answer(change_choices(router, caller.id, "preferences", choose))


@router.get("/v1/preferences/consents")
def show_consents(
    cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT
) -> ConsentsView:
    """List every consent given and withdrawn, newest first."""
    caller = access.customer(router)
    start = cursors.unseal(caller.id, "consents", cursor)
    page = store.consents(caller.id, limit, start)
    return ConsentsView(
        items=[ConsentView.model_validate(c, from_attributes=True) for c in page.consents],
        next_cursor=cursors.seal(caller.id, "consents", page.last),
    )


def _check(request: PreferencesBody) -> None:
    """Invalid for a topic named twice, or a consent to what needs none."""
    named = [one.topic for one in request.topics]
    for n, one in enumerate(request.topics):
        field = f"body.topics.{n}"
        if named.index(one.topic) != n:
            raise Invalid(errors=[{"field": f"{field}.topic", "code": "named_twice"}])
        if one.consent is not None and one.topic not in MARKETING:
            raise Invalid(errors=[{"field": f"{field}.consent", "code": "no_consent_needed"}])


def _choices(request: PreferencesBody, before: Preferences) -> dict[Topic, Choice]:
    """What was asked for. ConsentTextChanged when a new consent is to other words."""
    choices = {}
    for one in request.topics:
        known = before.of(one.topic)
        consent = known.consent if one.consent is None else one.consent
        push = known.push if one.push is None else one.push
        choices[one.topic] = Choice(consent, one.email, one.sms, push)
        if consent and not known.consent and request.text_version != TEXT_VERSION:
            raise ConsentTextChanged
    return choices


def _answer(preferences: Preferences) -> Response[Any]:
    spoken = shell.language(router)
    view = PreferencesView(
        topics=[_topic(topic, preferences.of(topic), spoken) for topic in Topic],
        consent_text=ConsentTextView(version=TEXT_VERSION, text=CONSENT[spoken]),
    )
    return shell.answer(view, headers={"ETag": shell.etag(preferences.version)})


def _topic(topic: Topic, choice: Choice, spoken: Language) -> TopicView:
    return TopicView(
        topic=topic,
        title=TITLES[topic][spoken],
        needs_consent=topic in MARKETING,
        consent=choice.consent,
        email=choice.email,
        sms=choice.sms,
        push=choice.pushes,
    )
