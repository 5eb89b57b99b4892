"""The relay's two entries at once, in every order of their calls: nothing lost, nothing twice."""

from datetime import timedelta
from functools import partial

import pytest

from common import clock, ids, outbox, table
from common.events.auth import CustomerRegistered


class TestStreamAndSweep:
    @pytest.fixture
    def race(self, at_once, cloud, monkeypatch):
        """Of an event that lies there; a single shard leaves fewer orders to go through."""
        monkeypatch.setattr(outbox, "SHARDS", 1)
        queued = self.queued(cloud)
        records = {"Records": cloud._inserted("AuthTable")}

        def check(answers):
            assert answers == [{"batchItemFailures": []}, {}]
            assert cloud.items("AuthTable") == []
            assert {event.id for event in cloud.published(CustomerRegistered)} == {queued}
            cloud.drain()
            counts = [row for row in cloud.items("InsightsTable") if row["pk"] == "COUNTS"]
            assert [row["registrations"] for row in counts] == [1]

        tasks = [partial(cloud.invoke, "AuthRelay", entry) for entry in (records, {})]
        return at_once(*tasks, check=check)

    def queued(self, cloud):
        at = clock.now() - timedelta(minutes=3)
        event = CustomerRegistered(id=ids.new(at), occurred_at=at, customer_id="c-1")
        with cloud.acting("AuthRelay"):
            table.commit(outbox.row(event))
        return event.id

    @pytest.mark.case("E9")
    def test_publish_every_event_and_each_counts_once(self, race):
        race.every()

    def test_stumble_over_each_other_when_a_row_must_be_there_to_be_deleted(
        self, race, monkeypatch
    ):
        delete = table.delete
        monkeypatch.setattr(table, "delete", lambda pk, sk, condition: delete(pk, sk))
        race.fails()

    def test_count_twice_when_an_effect_is_looked_at_first(self, race, monkeypatch):
        """Published twice is allowed: that it counts once is the consumers' part."""
        monkeypatch.setattr("insights.store.count", counted_anyhow)
        race.fails()


def counted_anyhow(event_id, day, counts):
    table.apply(table.update("COUNTS", f"{day}#0", add=dict(counts.items()), condition=None))
