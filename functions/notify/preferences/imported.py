"""Consents that came with customers from another shop: given there, and noted as such."""

from common import ids
from common.events.auth import CustomerImported
from common.events.notify import ConsentChanged
from notify.message import Topic
from notify.preferences import store
from notify.preferences.preferences import Choice, Consent

# Neither our words nor our form: what the customer read, the other shop knows.
SOURCE = "import"
AGREED = (Topic.PROMOTIONS, Topic.NEWS)


def agree(event: CustomerImported) -> None:
    """Note that the customer had agreed to offers and news, unless they have chosen here since."""
    before = store.find(event.customer_id)
    if before.version or not event.marketing:
        return
    after = before.with_({topic: Choice(consent=True) for topic in AGREED})
    consents = [_consent(event, topic) for topic in AGREED]
    facts = [_fact(event, consent) for consent in consents]
    store.save(event.customer_id, before, after, consents, facts)


def _consent(event: CustomerImported, topic: Topic) -> Consent:
    return Consent(
        id=ids.derived(event.id, f"consent:{topic}"),
        topic=topic,
        given=True,
        text_version=SOURCE,
        at=event.occurred_at,
        source=SOURCE,
        network="",
    )


def _fact(event: CustomerImported, consent: Consent) -> ConsentChanged:
    return ConsentChanged(
        id=ids.derived(event.id, f"told:{consent.topic}"),
        occurred_at=consent.at,
        subject_version=1,
        customer_id=event.customer_id,
        topic=consent.topic,
        given=consent.given,
        text_version=consent.text_version,
        source=consent.source,
    )
