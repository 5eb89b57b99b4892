"""How far the cart brings its customer to the next tier."""

import pytest


@pytest.mark.feature(50, 62)
class TestACart:
    def test_says_what_will_be_missing_to_the_next_tier(self, shop, ann, stand):
        stand(500_000)
        shop.put(ann, "TEA-1", 2)
        seen = shop.cart(ann, language="en").body["next_tier"]
        assert seen == {"code": "silver", "name": "Silver", "left_minor": 300_000}
        shop.put(ann, "TEA-1", 7)
        assert shop.cart(ann).body["next_tier"]["left_minor"] == 0

    def test_says_nothing_at_the_highest_or_before_it_is_known(self, shop, ann, stand):
        shop.put(ann, "TEA-1")
        assert shop.cart(ann).body["next_tier"] is None
        stand(None)
        assert shop.cart(ann).body["next_tier"] is None

    @pytest.mark.case("E2")
    def test_believes_the_newest(self, shop, ann, stand):
        stand(400_000, version=2)
        stand(500_000, version=1)
        shop.put(ann, "TEA-1")
        assert shop.cart(ann).body["next_tier"]["left_minor"] == 300_000

    def test_still_takes_two_trips(self, shop, cloud, ann, stand):
        stand(400_000)
        shop.put(ann, "TEA-1")
        with cloud.counted() as calls:
            shop.cart(ann)
        assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]
