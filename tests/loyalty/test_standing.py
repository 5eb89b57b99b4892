"""Tiers: by what a customer spent in all, once for each order, less what came back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock, ids, table
from common.events.auth import CustomerRegistered
from common.events.loyalty import PointsAccrued, StandingChanged
from common.events.returns import ReturnExchanged, ReturnRefunded
from loyalty.standing.standing import TIERS, Standing

SILVER = TIERS[1].from_minor


@pytest.fixture
def tier(cloud, ann):
    return lambda: cloud.call("GET", "/v1/loyalty/tier", token=ann.token, language="en").body


@pytest.fixture
def settled(ann):
    """What came back of an order, worth so much."""

    def event(order, amount, carried=None):
        now = clock.now()
        made = {"id": ids.new(now), "occurred_at": now, "customer_id": ann.id, "guest": False}
        made |= {"order_id": order.order_id, "number": order.number, "currency": "RUB"}
        made |= {"return_id": ids.new(now), "return_number": "R-1"}
        made |= {"amount_minor": amount, "balance_minor": 0, "points_given": 0, "points_taken": 0}
        if carried is None:
            return ReturnRefunded(**made)
        return ReturnExchanged(**made, carried_minor=carried, replacement_id=ids.new(now))

    return event


@pytest.mark.feature(60)
class TestACustomersTier:
    def test_is_the_first_before_anything_is_bought(self, tier):
        seen = tier()
        assert (seen["code"], seen["earn_percent"], seen["spent_minor"]) == ("basic", 5, 0)
        upper = {"code": "silver", "name": "Silver", "earn_percent": 7, "left_minor": SILVER}
        assert seen["next_tier"] == upper

    @pytest.mark.feature(62)
    def test_comes_nearer_with_what_is_delivered(self, cloud, tier, delivered):
        cloud.publish(delivered(total_minor=2_000_000))
        assert (tier()["code"], tier()["next_tier"]["left_minor"]) == ("basic", SILVER - 2_000_000)
        cloud.publish(delivered(total_minor=1_000_000))
        assert (tier()["code"], tier()["next_tier"]["code"]) == ("silver", "gold")

    def test_has_nothing_above_it_at_the_highest(self, cloud, tier, delivered):
        cloud.publish(delivered(total_minor=TIERS[-1].from_minor))
        assert (tier()["code"], tier()["next_tier"]) == ("gold", None)

    @pytest.mark.feature(61)
    def test_brings_more_points_for_the_next_order(self, cloud, delivered):
        cloud.publish(delivered(total_minor=SILVER))
        cloud.publish(delivered(total_minor=100_000))
        assert [event.points for event in cloud.published(PointsAccrued)] == [1_500, 70]

    def test_goes_with_what_comes_back(self, cloud, tier, delivered, settled):
        order = delivered(total_minor=SILVER)
        cloud.publish(order)
        cloud.publish(settled(order, 500_000))
        assert (tier()["code"], tier()["spent_minor"]) == ("basic", SILVER - 500_000)

    def test_counts_what_comes_instead_once(self, cloud, tier, delivered, settled):
        order = delivered(total_minor=SILVER)
        cloud.publish(order)
        cloud.publish(settled(order, 100_000, carried=400_000))
        cloud.publish(delivered(total_minor=400_000))
        assert tier()["spent_minor"] == SILVER - 100_000

    @pytest.mark.case("E1", "I6")
    @pytest.mark.parametrize("times", [2, 3])
    def test_counts_each_event_once(self, cloud, tier, delivered, settled, times):
        order = delivered(total_minor=200_000)
        cloud.publish(*[order] * times)
        cloud.publish(*[settled(order, 50_000)] * times)
        assert tier()["spent_minor"] == 150_000
        assert len(cloud.published(StandingChanged)) == 2

    @pytest.mark.case("E2")
    def test_is_the_same_in_whatever_order_events_come(self, cloud, tier, delivered, settled):
        order = delivered(total_minor=200_000)
        first, second = delivered(total_minor=300_000), settled(order, 200_000)
        cloud.publish(second)
        cloud.publish(first, order)
        assert tier()["spent_minor"] == 300_000

    def test_loses_nothing_by_the_return_of_what_a_guest_had_bought(
        self, cloud, tier, delivered, settled
    ):
        cloud.publish(delivered(total_minor=200_000))
        guests = delivered(total_minor=500_000, guest=True)
        cloud.publish(guests, settled(guests, 500_000))
        assert tier()["spent_minor"] == 200_000

    def test_counts_no_gift_cards(self, cloud, tier, delivered):
        cloud.publish(delivered(total_minor=500_000, earning_minor=200_000))
        assert tier()["spent_minor"] == 200_000
        assert [event.points for event in cloud.published(PointsAccrued)] == [100]

    @pytest.mark.case("E8")
    def test_counts_an_order_whose_points_were_paid_before(self, cloud, tier, delivered):
        order = delivered(total_minor=200_000)
        cloud.publish(order)
        for row in cloud.items("LoyaltyTable"):
            if row["pk"].startswith("CUSTOMER#"):
                with cloud.acting("LoyaltyConsumer"):
                    table.apply(table.delete(row["pk"], row["sk"]))
        cloud.publish(order)
        assert tier()["spent_minor"] == 200_000
        assert len(cloud.published(PointsAccrued)) == 1

    def test_is_no_guests(self, cloud, delivered):
        cloud.publish(delivered(guest=True))
        assert cloud.published(StandingChanged) == []

    @pytest.mark.case("E2")
    @pytest.mark.parametrize("late", [False, True])
    def test_is_as_new_whether_its_owner_was_heard_of_first_or_last(
        self, cloud, ann, delivered, late
    ):
        now = clock.now()
        known = {"id": ids.new(now), "occurred_at": now, "customer_id": ann.id}
        events = CustomerRegistered.model_validate(known), delivered()
        for event in reversed(events) if late else events:
            cloud.publish(event)
        [row] = [row for row in cloud.items("LoyaltyTable") if row["sk"] == "STANDING"]
        assert (row["spent_minor"], row["version"]) == (200_000, 2)
        assert cloud.published(StandingChanged)[-1].subject_version == 2

    def test_is_told_to_who_has_just_come(self, cloud, ann):
        now = clock.now()
        known = {"id": ids.new(now), "occurred_at": now, "customer_id": ann.id}
        cloud.publish(CustomerRegistered.model_validate(known))
        [told] = cloud.published(StandingChanged)
        assert (told.tiers, told.next_tier, told.left_minor) == (("basic",), "silver", SILVER)


@given(st.lists(st.integers(-10_000_000, 20_000_000)))
def test_a_standing_is_always_on_one_tier_and_below_the_next(amounts):
    standing = Standing("c")
    for amount in amounts:
        standing = standing.moved(amount)
        reached = max(0, standing.spent_minor)
        assert standing.tier.from_minor <= reached
        upper = standing.next_tier
        assert upper is None or standing.left_minor == upper.from_minor - reached > 0
