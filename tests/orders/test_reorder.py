"""Buying once more what an order held."""

from functools import partial

import pytest

from orders.cart.cart import MOST_LINES

pytestmark = pytest.mark.feature(41)


@pytest.fixture
def bought(shop, ann):
    """The id of an order of two TEA-1 and one WRAP, which is a service."""
    shop.put(ann, "WRAP")
    return shop.order(ann, "TEA-1", 2)["id"]


def again(shop, person, order_id, key=None, **more):
    path, token = f"/v1/orders/{order_id}/reorder", shop.token(person)
    return shop.cloud.call("POST", path, token=token, key=key or shop.key(), **more)


def in_cart(shop, person):
    return {line["sku"]: line["quantity"] for line in shop.cart(person).body["lines"]}


def problems(answer, sku="TEA-1"):
    [line] = [line for line in answer.body["lines"] if line["sku"] == sku]
    told = [{k: v for k, v in x.items() if v is not None} for x in line["problems"]]
    return line["added"], told


def test_what_is_there_goes_into_the_cart_in_one_call(shop, ann, bought):
    answer = again(shop, ann, bought)

    assert (answer.status, answer.body["complete"]) == (200, True)
    assert in_cart(shop, ann) == {"TEA-1": 2, "WRAP": 1}


def test_it_adds_to_what_is_in_the_cart_and_repeats_nothing(shop, ann, bought):
    shop.put(ann, "TEA-1", 3)
    key = shop.key()
    first, second = (again(shop, ann, bought, key) for _ in range(2))

    assert first.body == second.body
    assert in_cart(shop, ann) == {"TEA-1": 5, "WRAP": 1}


def test_what_is_no_longer_sold_is_named(shop, ann, bought):
    path = "/v1/staff/products/TEA-1"
    body, token = {"archived": True}, shop.manager.token
    assert shop.cloud.call("PATCH", path, body, token=token).status == 200

    answer = again(shop, ann, bought, language="ru")

    assert problems(answer) == (0, [{"reason": "gone", "message": "Больше не продаётся."}])
    assert answer.body["complete"] is False
    assert in_cart(shop, ann) == {"WRAP": 1}


@pytest.mark.parametrize(
    ("left", "told"),
    [(0, (0, "out_of_stock")), (1, (1, "only_n_left")), (2, (2, None))],
)
def test_as_much_as_is_left_is_added(shop, ann, bob, bought, left, told):
    shop.order(bob, "TEA-1", 8 - left)

    added, found = problems(again(shop, ann, bought))

    assert (added, next((x["reason"] for x in found), None)) == told
    assert in_cart(shop, ann).get("TEA-1", 0) == added


def test_today_it_costs_what_it_costs_today_and_that_is_said(shop, ann, bought):
    shop.stock(shop.product("TEA-1", 90_000))

    added, found = problems(again(shop, ann, bought, language="en"))

    message = "The price is another than last time."
    prices = {"old_minor": 100_000, "new_minor": 90_000}
    assert (added, found) == (2, [{"reason": "price_changed", "message": message} | prices])
    [line] = [line for line in shop.cart(ann).body["lines"] if line["sku"] == "TEA-1"]
    assert (line["price_minor"], line["problems"]) == (90_000, [])


def test_what_finds_no_room_is_named(shop, ann, bought):
    skus = [f"FILL-{n}" for n in range(MOST_LINES)]
    for part in (skus[:20], skus[20:40], skus[40:]):
        made = shop.stock(*[shop.product(sku, available=None) for sku in part])
        assert made.status == 200, made.body
    for sku in skus:
        shop.put(ann, sku)

    added, found = problems(again(shop, ann, bought))

    assert (added, [x["reason"] for x in found]) == (0, ["no_room"])
    assert len(in_cart(shop, ann)) == MOST_LINES


def test_it_is_watched_as_any_cart_is(shop, ann, bob, bought):
    again(shop, ann, bought)

    [cart] = [
        row
        for row in shop.cloud.items("OrdersTable")
        if row["pk"] == f"CUSTOMER#{ann.id}" and row["sk"] == "CART"
    ]
    timers = [r for r in shop.cloud.items("OrdersTable") if r.get("kind") == "cart_abandoned"]
    assert cart["armed"] is True
    assert cart["cart_id"] in {timer["subject"]["cart_id"] for timer in timers}


def test_a_guest_buys_again_too(shop, cloud):
    guest = cloud.guest()
    contact = {"email": "guest@example.com", "phone": None}
    order_id = shop.order(guest, contact=contact)["id"]

    assert again(shop, guest, order_id).body["complete"] is True
    assert in_cart(shop, guest) == {"TEA-1": 1}


@pytest.mark.case("Z2")
def test_nobody_buys_what_somebody_else_bought(shop, bob, bought):
    missing = again(shop, bob, "0198face-0000-7000-8000-000000000000")
    foreign = again(shop, bob, bought)

    assert foreign.status == missing.status == 404
    assert foreign.body == missing.body
    assert in_cart(shop, bob) == {}


class TestBuyingAgainAsTheCartChanges:
    @pytest.fixture
    def race(self, at_once, shop, ann, bought):
        shop.put(ann, "TEA-2")

        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            assert in_cart(shop, ann) == {"TEA-1": 2, "TEA-2": 4, "WRAP": 1}

        change = partial(shop.put, ann, "TEA-2", 4)
        return at_once(partial(again, shop, ann, bought, "the-key-of-it"), change, check=check)

    @pytest.mark.case("I10")
    def test_keeps_both(self, race):
        race.every()

    def test_loses_one_when_the_cart_is_looked_at_first(self, race):
        race.catches("CART")
