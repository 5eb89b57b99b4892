"""A guest's cart, and what becomes of it when the guest signs in."""

from functools import partial

import pytest

from common import guests
from common.events.orders import CartAbandoned, OrderPlaced
from orders.cart import cart
from orders.cart import merge as merging

PROBLEM = "urn:kabinet:problem:"


@pytest.fixture
def guest(cloud):
    return cloud.guest()


def merge(shop, who, guest_token, key=None):
    body = {"guest_token": guest_token}
    return shop.cloud.call(
        "POST", "/v1/cart/merge", body, token=shop.token(who), key=key or shop.key()
    )


def held(shop, who):
    return {line["sku"]: line["quantity"] for line in shop.cart(who).body["lines"]}


def saved(shop, who):
    return {line["sku"] for line in shop.cart(who).body["saved"]}


def outcomes(answer):
    return {x["sku"]: (x["quantity"], x["outcome"]) for x in answer.body["lines"]}


@pytest.mark.feature(29)
def test_a_guest_begins_without_anything_being_stored(cloud):
    with cloud.counted() as calls:
        made = cloud.call("POST", "/v1/guest-carts")

    assert (made.status, calls.trips) == (201, [])
    token = made.body["guest_token"]
    assert made.body["expires_in"] == guests.LIFETIME.total_seconds()
    assert cloud.call("GET", "/v1/cart", token=token).body["lines"] == []


@pytest.mark.feature(28, 29)
def test_a_guests_cart_is_like_a_customers(cloud, shop, guest):
    put = shop.put(guest, "TEA-1", 11)
    assert [x["code"] for x in put.body["problems"]] == ["only_n_left"]
    again = shop.put(guest, "TEA-1", 2, headers={"if-match": put.headers["etag"]})
    assert again.status == 200
    assert shop.put(guest, "TEA-1", 3, headers={"if-match": put.headers["etag"]}).status == 412

    assert held(shop, guest) == {"TEA-1": 2}
    cloud.call("PUT", "/v1/cart/saved/TEA-1", token=guest.token)
    assert (held(shop, guest), saved(shop, guest)) == ({}, {"TEA-1"})


@pytest.mark.case("Z2", "S11")
def test_guests_see_no_carts_but_their_own(cloud, shop, guest, ann):
    shop.put(guest, "TEA-1")
    shop.put(ann, "TEA-2")

    assert held(shop, cloud.guest()) == {}
    assert held(shop, ann) == {"TEA-2": 1}


def test_a_guests_cart_ends_with_its_token_and_is_never_written_about(cloud, shop, guest):
    shop.put(guest, "TEA-1")
    shop.put(guest, "TEA-2")
    cloud.clock.advance(hours=3)
    cloud.tick()

    [row] = [row for row in cloud.items("OrdersTable") if row["sk"] == "CART"]
    assert row["expires_at"] == int(guests.ends_at(guest.id).timestamp())
    assert cloud.published(CartAbandoned) == []


@pytest.mark.feature(29)
def test_at_sign_in_quantities_add_up_as_far_as_there_is_stock(shop, guest, ann):
    shop.stock(shop.product("FEW-1", 100, 5))
    for who, sku, n in ((ann, "TEA-1", 2), (ann, "FEW-1", 3)):
        shop.put(who, sku, n)
    for sku, n in (("TEA-1", 3), ("FEW-1", 4), ("TEA-2", 1), ("WRAP", 2)):
        shop.put(guest, sku, n)

    merged = merge(shop, ann, guest.token)

    assert outcomes(merged) == {
        "TEA-1": (5, "combined"),
        "FEW-1": (5, "limited"),
        "TEA-2": (1, "added"),
        "WRAP": (2, "added"),
    }
    assert held(shop, ann) == {sku: n for sku, (n, _) in outcomes(merged).items()}
    assert held(shop, guest) == {}


@pytest.mark.feature(29)
def test_a_merge_takes_nothing_away_that_the_shelf_cannot_give(shop, guest, ann, bob):
    shop.put(ann, "TEA-1", 4)
    shop.put(guest, "TEA-1", 7)
    shop.order(bob, "TEA-1", 10)

    assert outcomes(merge(shop, ann, guest.token)) == {"TEA-1": (7, "limited")}
    assert held(shop, ann) == {"TEA-1": 7}


@pytest.mark.feature(29)
def test_what_a_guest_saved_and_wrote_on_the_card_comes_along(cloud, shop, guest, ann):
    for sku in ("TEA-1", "TEA-2"):
        shop.put(guest, sku)
    cloud.call("PUT", "/v1/cart/gift", {"card": "For you"}, token=guest.token)
    cloud.call("PUT", "/v1/cart/saved/TEA-2", token=guest.token)

    merge(shop, ann, guest.token)

    assert (held(shop, ann), saved(shop, ann)) == ({"TEA-1": 1}, {"TEA-2"})
    assert shop.cart(ann).body["gift"]["card"] == "For you"
    assert saved(shop, guest) == set()


@pytest.mark.case("I4", "I5")
def test_a_cart_is_merged_once(shop, guest, ann, bob):
    shop.put(guest, "TEA-1", 2)
    first = merge(shop, ann, guest.token, "the-first-key")
    again = merge(shop, ann, guest.token, "the-first-key")
    other = merge(shop, ann, guest.token)
    foreign = merge(shop, bob, guest.token, "the-first-key")

    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert other.body == foreign.body == {"lines": []}
    assert (held(shop, ann), held(shop, bob)) == ({"TEA-1": 2}, {})


def test_a_merged_cart_that_is_left_alone_is_written_about(cloud, shop, guest, ann):
    shop.put(guest, "TEA-1")
    merge(shop, ann, guest.token)
    cloud.clock.advance(hours=3)
    cloud.tick()

    assert [event.customer_id for event in cloud.published(CartAbandoned)] == [ann.id]


@pytest.mark.case("Z3", "O7")
@pytest.mark.parametrize("wrong", ["", "guest.", "x" * 129, "{token}A", "{ann}"])
def test_nothing_is_taken_from_a_cart_that_the_token_does_not_open(shop, guest, ann, bob, wrong):
    shop.put(guest, "TEA-1")
    shop.put(ann, "TEA-2")
    forged = f"guest.{ann.id}.{guest.token.rpartition('.')[2]}"

    refused = merge(shop, bob, wrong.format(token=guest.token, ann=forged))

    assert refused.status == 422
    assert [error["field"] for error in refused.body["errors"]] == ["body.guest_token"]
    assert [held(shop, who) for who in (guest, ann, bob)] == [{"TEA-1": 1}, {"TEA-2": 1}, {}]


def test_a_guests_token_that_ended_merges_nothing(cloud, shop, guest, ann):
    shop.put(guest, "TEA-1")
    cloud.clock.advance(days=90)

    assert merge(shop, ann, guest.token).status == 422


@pytest.mark.case("V13")
def test_what_finds_no_room_is_saved_or_stays_with_the_guest(shop, guest, ann, monkeypatch):
    for module in (cart, merging):
        monkeypatch.setattr(module, "MOST_LINES", 6)
        monkeypatch.setattr(module, "MOST_SAVED", 4)
    skus = [f"PUER-{n:02}" for n in range(11)]
    shop.stock(*(shop.product(sku, 100) for sku in skus))
    for sku in skus[:5]:
        shop.put(ann, sku)
    for sku in skus[5:]:
        shop.put(guest, sku)
    first = outcomes(merge(shop, ann, guest.token))
    assert [first[sku][1] for sku in skus[6:]] == ["saved_for_later"] * 4 + ["left_behind"]
    assert len(held(shop, ann)) == 6
    assert len(saved(shop, ann)) == 4
    assert set(held(shop, guest)) == set(skus[10:])


class TestAMergeThatMeetsACheckout:
    @pytest.fixture
    def race(self, at_once, shop, guest, ann):
        shop.put(ann, "TEA-1", 2)
        shop.put(guest, "TEA-2", 3)

        def check(answers):
            merged, bought = (answer.status for answer in answers)
            lines = [{x.sku: x.quantity for x in e.lines} for e in shop.queued(OrderPlaced)]
            assert (merged, bought, lines, held(shop, ann), held(shop, guest)) in [
                (200, 201, [{"TEA-1": 2}], {"TEA-2": 3}, {}),
                (200, 201, [{"TEA-1": 2, "TEA-2": 3}], {}, {}),
                (200, 409, [], {"TEA-1": 2, "TEA-2": 3}, {}),
            ]

        tasks = [
            partial(merge, shop, ann, guest.token, "the-first-key"),
            partial(shop.check_out, ann, "the-second-key"),
        ]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I10", "I12")
    def test_loses_nothing_and_buys_nothing_twice(self, race):
        race.every()

    def test_buys_twice_when_the_carts_are_looked_at_first(self, race):
        race.catches("CART")


class TestOneGuestMergedTwice:
    @pytest.fixture
    def race(self, at_once, shop, guest, ann, bob):
        shop.put(guest, "TEA-1", 2)

        def check(answers):
            assert {answer.status for answer in answers} == {200}
            found = sorted([held(shop, ann), held(shop, bob), held(shop, guest)], key=str)
            assert found == [{"TEA-1": 2}, {}, {}]

        keys = "the-first-key", "the-second-key"
        tasks = [
            partial(merge, shop, who, guest.token, key)
            for who, key in zip((ann, bob), keys, strict=True)
        ]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I6", "I12")
    def test_is_in_one_cart(self, race):
        race.every()

    def test_is_in_two_when_the_carts_are_looked_at_first(self, race):
        race.catches("CART")
