"""A change of preferences, with the proofs and events that belong to it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from common import ids
from common.events.notify import ConsentChanged
from notify.message import Topic
from notify.preferences.preferences import TEXT_VERSION, Choice, Consent, Preferences


@dataclass(frozen=True, slots=True)
class Where:
    """How somebody said so: the page or link, and a mark of the network they spoke from."""

    source: str
    network: str


@dataclass(frozen=True, slots=True)
class Change:
    """From *before* to *after*, with what proves and tells it."""

    before: Preferences
    after: Preferences
    consents: tuple[Consent, ...] = ()
    events: tuple[ConsentChanged, ...] = ()

    @property
    def is_none(self) -> bool:
        return self.before is self.after


def change(
    customer_id: str,
    before: Preferences,
    choices: Mapping[Topic, Choice],
    where: Where,
    now: datetime,
    new_id: Callable[[datetime], str],
) -> Change:
    """What makes *choices* hold; none where they hold already."""
    after = before.with_(choices)
    if after.same_as(before):
        return Change(before, before)
    consents = tuple(
        Consent(new_id(now), topic, given, TEXT_VERSION, now, where.source, where.network)
        for topic, given in before.consents_changed(after).items()
    )
    return Change(before, after, consents, tuple(_told(customer_id, c, after) for c in consents))


def _told(customer_id: str, consent: Consent, after: Preferences) -> ConsentChanged:
    return ConsentChanged(
        id=ids.derived(consent.id, "consent_changed"),
        occurred_at=consent.at,
        subject_version=after.version,
        customer_id=customer_id,
        topic=consent.topic,
        given=consent.given,
        text_version=consent.text_version,
        source=consent.source,
    )
