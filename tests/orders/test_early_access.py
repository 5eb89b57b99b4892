"""What is sold to some tiers first."""

import pytest

pytestmark = pytest.mark.feature(26, 68)


@pytest.fixture
def early(shop):
    """TEA-1 is for silver first; or for whom it is said to be."""

    def edit(tier="silver", sku="TEA-1"):
        path, body = f"/v1/staff/products/{sku}", {"early_access_tier": tier}
        shop.manager = shop.cloud.staff("manager")
        answer = shop.cloud.call("PATCH", path, body, token=shop.manager.token)
        assert answer.status == 200, answer.body

    return edit


def problems(lines):
    return [problem["code"] for line in lines for problem in line["problems"]]


def of_type(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


class TestWhoeverHasNotTheTier:
    def test_sees_it_with_the_tier_that_may_buy_it(self, shop, early):
        early()
        seen = shop.cloud.call("GET", "/v1/products/TEA-1").body
        assert seen["early_access_tier"] == "silver"

    def test_is_told_at_the_line_and_in_the_cart(self, shop, ann, early, stand):
        stand(500_000)
        early()
        line = shop.put(ann, "TEA-1", language="en").body
        told = {x["code"]: x["message"] for x in line["problems"]}
        assert told == {"early_access": "For higher tiers only, for now."}
        assert problems(shop.cart(ann).body["lines"]) == ["early_access"]

    @pytest.mark.parametrize("query", [{}, {"dry_run": "true"}])
    def test_is_refused_at_checkout_and_nothing_is_lost(self, shop, ann, early, query):
        shop.put(ann, "TEA-1")
        shop.put(ann, "WRAP")
        early()
        answer = shop.check_out(ann, query=query)
        assert of_type(answer) == (409, "early_access")
        assert [(x["sku"], x["code"]) for x in answer.body["lines"]] == [("TEA-1", "early_access")]
        assert len(shop.cart(ann).body["lines"]) == 2

    def test_may_be_a_guest(self, shop, cloud, early):
        guest = cloud.guest()
        shop.put(guest, "WRAP")
        early(sku="WRAP")
        answer = shop.check_out(guest, contact={"email": "guest@example.com"})
        assert of_type(answer) == (409, "early_access")

    def test_may_buy_it_once_it_is_for_everybody(self, shop, ann, early):
        early()
        shop.put(ann, "TEA-1")
        early(None)
        assert problems(shop.cart(ann).body["lines"]) == []
        assert shop.check_out(ann).status == 201

    @pytest.mark.feature(41)
    def test_does_not_get_it_by_buying_again(self, shop, ann, early):
        order = shop.order(ann, "TEA-1")["id"]
        early()
        path = f"/v1/orders/{order}/reorder"
        [line] = shop.cloud.call("POST", path, token=ann.token, key=shop.key()).body["lines"]
        assert (line["added"], [x["reason"] for x in line["problems"]]) == (0, ["early_access"])


class TestWhoeverHasTheTier:
    @pytest.fixture(autouse=True)
    def _silver(self, stand):
        stand(7_000_000, tiers=("basic", "silver"))

    @pytest.mark.parametrize("tier", ["basic", "silver"])
    def test_buys_what_is_for_it_or_a_lower_one(self, shop, ann, early, tier):
        early(tier)
        early(tier, "WRAP")
        assert shop.put(ann, "TEA-1").body["problems"] == []
        shop.put(ann, "WRAP")
        assert shop.check_out(ann).status == 201

    def test_waits_for_what_is_for_a_higher_one(self, shop, ann, early):
        early("gold")
        shop.put(ann, "TEA-1")
        assert of_type(shop.check_out(ann)) == (409, "early_access")

    def test_buys_nothing_early_once_the_tier_is_lost(self, shop, ann, early, stand):
        early()
        shop.put(ann, "TEA-1")
        stand(100, version=2)
        assert of_type(shop.check_out(ann)) == (409, "early_access")
