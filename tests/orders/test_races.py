"""Two things at once: whoever is second is told so, and the books balance (conftest)."""

import pytest

from common import clock, ids, ledger, table
from common.events import OrderCancelled, OrderPlaced, OrderShipped

PROBLEM = "urn:kabinet:problem:"


@pytest.fixture
def last_one(shop):
    shop.stock(shop.product("LAST-1", 100_000, 1))


@pytest.mark.case("I1", "I14")
@pytest.mark.usefixtures("last_one")
def test_the_last_unit_is_sold_once_one_after_another(shop, ann, bob):
    shop.put(ann, "LAST-1")
    shop.put(bob, "LAST-1")

    answers = shop.check_out(ann), shop.check_out(bob)

    assert [answer.status for answer in answers] == [201, 409]
    assert answers[1].body["type"] == PROBLEM + "out_of_stock"
    assert shop.on_shelf("LAST-1") == (0, 1)


@pytest.mark.case("I1", "I14")
@pytest.mark.usefixtures("last_one")
def test_the_last_unit_is_sold_once_when_both_saw_it(shop, ann, bob, between):
    shop.grant(bob, 100)
    shop.put(ann, "LAST-1")
    shop.put(bob, "LAST-1")
    between("BatchGetItem", lambda: shop.check_out(ann))

    answer = shop.check_out(bob, points_to_spend=100)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "out_of_stock")
    assert len(shop.queued(OrderPlaced)) == 1
    assert shop.points(bob) == {"2030-01-01": 100}


@pytest.mark.case("I10")
def test_a_cart_edited_during_checkout_is_not_sold(shop, ann, between):
    shop.put(ann, "TEA-1")
    between("BatchGetItem", lambda: shop.put(ann, "TEA-1", 7))

    answer = shop.check_out(ann)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "cart_changed")
    assert shop.check_out(ann).body["lines"][0]["quantity"] == 7


@pytest.mark.case("I10")
def test_a_cart_is_bought_once_with_two_keys(shop, ann, between):
    shop.put(ann, "TEA-1")
    between("BatchGetItem", lambda: shop.check_out(ann))

    answer = shop.check_out(ann)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "cart_changed")
    assert len(shop.queued(OrderPlaced)) == 1


@pytest.mark.case("I8")
def test_points_are_spent_once(cloud, shop, ann, between):
    """Something else spends them between the checkout's read and its write."""
    shop.grant(ann, 100)
    shop.put(ann, "TEA-1")

    def spend():
        with cloud.acting("OrdersApi"):
            now = clock.now()
            account = ledger.points_of(ann.id)
            legs = ledger.transfer(account, "shop:points:redeemed", {"2030-01-01": 60})
            table.commit(*ledger.post(ledger.Posting(ids.new(now), "redemption", now, legs)))

    between("BatchGetItem", spend)
    answer = shop.check_out(ann, points_to_spend=100)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "insufficient_funds")
    assert (answer.body["available"], answer.body["needed"]) == (40, 100)
    assert shop.points(ann) == {"2030-01-01": 40}
    assert shop.on_shelf("TEA-1") == (10, 0)
    assert len(shop.cart(ann).body["lines"]) == 1


@pytest.mark.case("I8")
def test_points_are_not_spent_twice_one_after_another(shop, ann):
    shop.grant(ann, 100)
    shop.order(ann, points_to_spend=100)
    shop.put(ann, "TEA-1")

    assert shop.check_out(ann, points_to_spend=100).body["available"] == 0


@pytest.mark.case("I11", "I12", "I14")
def test_shipped_and_cancelled_at_once_is_shipped(shop, ann, between):
    order = shop.order(ann, quantity=3)
    shop.move(order["id"], "assembling")
    between("Query", lambda: shop.move(order["id"], "shipped"))

    answer = shop.move(order["id"], "cancelled")

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "transition_not_allowed")
    assert (answer.body["state"], answer.body["next_states"]) == ("shipped", ["delivered"])
    assert len(shop.queued(OrderShipped)) == 1
    assert shop.queued(OrderCancelled) == []


@pytest.mark.case("I11", "I12", "I14")
def test_a_customer_cancels_while_the_staff_begins(shop, ann, between):
    order = shop.order(ann, quantity=3)
    between("BatchGetItem", lambda: shop.move(order["id"], "assembling"))

    answer = shop.cancel(ann, order["id"])

    assert (answer.status, answer.body["state"]) == (409, "assembling")
    assert shop.on_shelf("TEA-1") == (7, 3)


@pytest.mark.case("I11", "I12", "I14")
def test_an_order_is_cancelled_once_by_both(shop, ann, between):
    shop.grant(ann, 50)
    order = shop.order(ann, quantity=3, points_to_spend=50)
    between("Query", lambda: shop.cancel(ann, order["id"]))

    answer = shop.move(order["id"], "cancelled")

    assert (answer.status, answer.body["state"]) == (409, "cancelled")
    assert shop.on_shelf("TEA-1") == (10, 0)
    assert shop.points(ann) == {"2030-01-01": 50}


def test_a_stale_read_is_decided_anew(shop, ann, between):
    """The index may lag behind: what the agent wants is still allowed, so it happens."""
    order = shop.order(ann)
    between("Query", lambda: shop.move(order["id"], "assembling"))

    answer = shop.move(order["id"], "cancelled")

    assert (answer.status, answer.body["state"]) == (200, "cancelled")
