"""Deliveries at once, in every order of their calls, pay once."""

import pytest

from common import clock, ids
from common.events.loyalty import PointsAccrued, StandingChanged


class TestAnOrderDelivered:
    @pytest.fixture
    def race(self, at_once, cloud, deliver, delivered):
        """Its event, and another event about it."""
        order = delivered()
        other = delivered(order_id=order.order_id, id=ids.new(clock.now()))

        def check(answers):
            assert answers == [{"batchItemFailures": []}] * 2
            [posting] = [r for r in cloud.items("LedgerTable") if r["sk"].startswith("POSTING#")]
            assert posting["memo"] == {"order_id": order.order_id}
            told = [row for row in cloud.items("LoyaltyTable") if "detail" in row]
            names = sorted(row["name"] for row in told)
            assert names == [PointsAccrued.name, StandingChanged.name]

        tasks = [deliver("LoyaltyConsumer", event) for event in (order, other)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("E1", "E8", "I14")
    def test_is_paid_once(self, race):
        race.every()

    def test_is_paid_twice_when_it_is_looked_at_first(self, race):
        race.catches("COUNTED#", "STANDING", "POSTING#")
