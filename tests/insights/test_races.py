"""Deliveries at once count once."""

import pytest

from common import clock, ids
from common.events.auth import CustomerRegistered


class TestAnEventTwice:
    @pytest.fixture
    def race(self, at_once, cloud, deliver):
        now = clock.now()
        event = CustomerRegistered(id=ids.new(now), occurred_at=now, customer_id="c-1")

        def check(answers):
            assert answers == [{"batchItemFailures": []}] * 2
            counts = [row for row in cloud.items("InsightsTable") if row["pk"] == "COUNTS"]
            assert [row["registrations"] for row in counts] == [1]

        return at_once(*[deliver("InsightsConsumer", event)] * 2, check=check)

    @pytest.mark.case("E1")
    def test_is_counted_once(self, race):
        race.every()

    def test_is_counted_twice_when_its_effect_is_looked_at_first(self, race):
        race.catches("EFFECT#")
