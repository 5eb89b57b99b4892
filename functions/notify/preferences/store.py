"""Preferences and consents in DynamoDB.

pk             sk             what
CUSTOMER#<id>  PREFERENCES    version, topics {topic: consent, email, sms, push if chosen}
CUSTOMER#<id>  CONSENT#<id>   one yes or no, with its proof; written once, never changed

A change, the proofs of its consents and the events that tell of them are one transaction.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from common import outbox, table
from common.conditions import Attr, Condition
from common.events.notify import ConsentChanged
from notify.message import Topic
from notify.preferences.preferences import Choice, Consent, Preferences

SK = "PREFERENCES"


@dataclass(frozen=True, slots=True)
class Page:
    consents: Sequence[Consent]
    last: table.Item | None


def key(customer_id: str) -> tuple[str, str, str]:
    """Where preferences lie, for a read together with other items."""
    return table.OWN, _pk(customer_id), SK


def find(customer_id: str) -> Preferences:
    return parse(table.get(_pk(customer_id), SK))


def save(
    customer_id: str,
    before: Preferences,
    after: Preferences,
    consents: Sequence[Consent],
    events: Sequence[ConsentChanged],
) -> None:
    """Write *after*, its proofs and its events. ConditionFailed unless *before* still stands."""
    row = {"pk": _pk(customer_id), "sk": SK, "v": 1, "version": after.version}
    topics = {topic.value: _choice(choice) for topic, choice in after.choices.items()}
    table.commit(
        table.put({**row, "topics": topics}, unchanged(before)),
        *(table.put(_consent(customer_id, consent)) for consent in consents),
        *map(outbox.row, events),
    )


def still(customer_id: str, preferences: Preferences) -> table.Write:
    """The write that refuses its commit when *preferences* have changed since they were read."""
    return table.check(_pk(customer_id), SK, unchanged(preferences))


def unchanged(preferences: Preferences) -> Condition:
    if preferences.version == 0:
        return table.ABSENT
    return Attr("version").eq(preferences.version)


def consents(customer_id: str, limit: int, start: table.Item | None) -> Page:
    """Every yes and no of the customer, newest first."""
    under = table.sort_key().begins_with("CONSENT#")
    page = table.query(_pk(customer_id), under, limit=limit, start=start, newest_first=True)
    return Page([_parsed(row) for row in page.items], page.last)


def parse(row: table.Item | None) -> Preferences:
    if row is None:
        return Preferences()
    choices = {Topic(topic): Choice(**choice) for topic, choice in row["topics"].items()}
    return Preferences(row["version"], choices)


def _choice(choice: Choice) -> table.Item:
    return {name: on for name, on in asdict(choice).items() if on is not None}


def _consent(customer_id: str, consent: Consent) -> table.Item:
    return {
        "pk": _pk(customer_id),
        "sk": f"CONSENT#{consent.id}",
        "topic": consent.topic,
        "given": consent.given,
        "text_version": consent.text_version,
        "at": consent.at.isoformat(),
        "source": consent.source,
        "network": consent.network,
    }


def _parsed(row: table.Item) -> Consent:
    return Consent(
        id=row["sk"].removeprefix("CONSENT#"),
        topic=Topic(row["topic"]),
        given=row["given"],
        text_version=row["text_version"],
        at=datetime.fromisoformat(row["at"]),
        source=row["source"],
        network=row["network"],
    )


def _pk(customer_id: str) -> str:
    return f"CUSTOMER#{customer_id}"
