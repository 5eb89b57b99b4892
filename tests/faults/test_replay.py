"""Every event of a customer's whole story, brought again: nothing happens twice (CASES E1, E8)."""

import random

import boto3
import pytest

import books
import likeness
from common import clock
from common.events.erasure import CustomerErased, ErasureDue
from common.events.known import EVENTS
from common.events.loyalty import StandingChanged
from faults import Injector
from moment import Moment
from shop import Shop, journey

SEEDS = range(3)


class Story:
    """A journey that was made once, what it published, and the moment of its end."""

    def __init__(self, cloud):
        self.cloud = cloud
        with Injector().installed() as injector:
            journey(Shop(cloud))
        self.entries = [e for body in injector.bodies("PutEvents") for e in body["Entries"]]
        self.names = {entry["DetailType"] for entry in self.entries}
        self.end = Moment(cloud)

    def bring(self, entries):
        """Put *entries* on the bus once more; return the letters sent since."""
        for entry in entries:
            boto3.client("events").put_events(
                Entries=[{k: v for k, v in entry.items() if k != "Time"}]
            )
        before = len(self.cloud.letters)
        self.cloud.drain()
        return self.cloud.letters[before:]

    def rows(self):
        """Every row of every table."""
        tables = self.cloud.wiring.resources("AWS::DynamoDB::Table")
        return {name: sorted(self.cloud.items(name), key=_key) for name in tables}

    def forget_what_expired(self):
        """What DynamoDB's TTL does, which moto does not."""
        now = clock.now().timestamp()
        for table in self.cloud.wiring.resources("AWS::DynamoDB::Table"):
            client = boto3.resource("dynamodb").Table(table)
            for row in self.cloud.items(table):
                if row.get("expires_at", now + 1) <= now:
                    client.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})

    def dead_letters(self):
        queues = self.cloud.wiring.resources("AWS::SQS::Queue")
        return [m for name in queues if name.endswith("Letters") for m in self.cloud.messages(name)]


def _key(row):
    return row["pk"], row["sk"]


@pytest.fixture(scope="module")
def told():
    """The story, once it was made."""
    return []


@pytest.fixture
def story(cloud, told):
    if not told:
        told.append(Story(cloud))
    told[0].end.come_back()
    return told[0]


def test_the_story_tells_of_every_event_there_is(story):
    assert story.names == set(EVENTS)
    assert story.dead_letters() == []


@pytest.mark.case("E1")
@pytest.mark.parametrize("times", [2, 3])
def test_events_that_come_again_change_nothing(story, times):
    rows = story.rows()

    letters = story.bring(entry for entry in story.entries for _ in range(times - 1))

    assert letters == []
    assert story.rows() == rows


@pytest.mark.case("E1", "E2")
@pytest.mark.parametrize("seed", SEEDS)
def test_events_that_come_again_in_any_order_change_nothing(story, seed):
    rows, entries = story.rows(), story.entries * 2
    random.Random(seed).shuffle(entries)  # noqa: S311 - a repeatable order, no secret

    assert story.bring(entries) == []
    assert story.rows() == rows


@pytest.mark.case("E8")
@pytest.mark.parametrize("seed", SEEDS)
def test_events_that_come_again_a_month_later_change_nothing(story, seed):
    story.cloud.clock.advance(days=31)
    story.forget_what_expired()
    rows, entries = story.rows(), list(story.entries)
    random.Random(seed).shuffle(entries)  # noqa: S311

    assert story.bring(entries) == []
    assert story.rows() == rows
    assert story.dead_letters() == []


@pytest.mark.case("E2", "E1", "I14")
@pytest.mark.parametrize("seed", SEEDS)
def test_consumers_come_to_the_same_in_any_order(story, seed):
    """From empty tables, so that nothing but the events tells what happened."""
    in_order = _told(story, story.entries)
    # Whoever is erased is written to no more, and is asked about round after round.
    ending = [e for e in story.entries if e["DetailType"] in (ErasureDue.name, CustomerErased.name)]
    mixed = [e for e in story.entries if e not in ending] * 2
    random.Random(seed).shuffle(mixed)  # noqa: S311

    shuffled = _told(story, mixed, [e for e in ending for _ in range(2)])

    assert likeness.differences(in_order, shuffled, likeness.ids(in_order)) == []
    books.check_ledger(shuffled["LedgerTable"])


def _told(story, *parts):
    """What the consumers make of *parts* alone, each after what came of the one before; of orders,
    which documents are drawn from, no event tells all. What a customer had spent in between is as
    the order has it: what is left of it is in the rows."""
    offset = story.cloud.clock.offset
    story.cloud.reset()
    story.cloud.clock.offset = offset
    with Injector().installed() as injector, story.cloud.holding("OrdersDocumentsConsumer"):
        for entries in parts:
            story.bring(entries)
    assert story.dead_letters() == []
    seen = likeness.seen(story.cloud, injector)
    passing = StandingChanged.name
    return seen | {"events": [event for event in seen["events"] if event["name"] != passing]}
