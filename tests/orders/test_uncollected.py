"""Orders that nobody fetches from their pick-up point: reminded, off, and back on the shelf."""

from functools import partial

import pytest

from auth import tokens
from common import clock
from common.access import Role
from common.events.orders import OrderReadyForPickup, RefundMade
from common.events.pickup import OrderReturned, OrderUncollected, PickupEnding
from shop import Shop as Helper

pytestmark = pytest.mark.feature(38)


@pytest.fixture
def helper(cloud):
    return Helper(cloud)


@pytest.fixture
def waiting(shop, helper, ann):
    """An order that waits at its point, by how it is paid; its id."""

    def begin(person=ann, **checkout):
        helper.point()
        shop.put(person, "TEA-1", 2)
        body, token = {"point_id": "arbat"}, shop.token(person)
        quoted = shop.cloud.call("POST", "/v1/delivery-quotes", body, token=token).body
        to = {"recipient": "Anna Kim", "quote_id": quoted["options"][0]["quote_id"]}
        order_id = shop.check_out(person, delivery=to, **checkout).body["id"]
        if checkout.get("payment") == "card":
            shop.pay(person, order_id, "tok_ok")
        for state in ("assembling", "shipped"):
            assert shop.move(order_id, state).status == 200
        shop.minutes()
        assert shop.move(order_id, "ready_for_pickup").status == 200
        return order_id

    return begin


@pytest.fixture
def move(shop):
    """A transition by an agent whose token is good now, however far the clock was moved."""

    def ask(order_id, to, key=None):
        with shop.cloud.acting("AuthApi"):
            known = shop.agent.id, shop.agent.session_id
            token = tokens.access_token(*known, Role.AGENT, clock.now())
        path = f"/v1/staff/orders/{order_id}/transitions"
        return shop.cloud.call("POST", path, {"to": to}, token=token, key=key or shop.key())

    return ask


def pass_days(shop, days):
    shop.cloud.clock.advance(days=days)
    shop.minutes(2)


def test_its_customer_is_reminded_two_days_before_and_once(shop, ann, waiting):
    order_id = waiting()
    [ready] = shop.queued(OrderReadyForPickup)
    pass_days(shop, 4)
    assert shop.queued(PickupEnding) == []
    pass_days(shop, 1)
    pass_days(shop, 1)

    [told] = shop.queued(PickupEnding)
    assert (told.order_id, told.kept_until) == (order_id, ready.kept_until)
    assert shop.show(ann, order_id).body["state"] == "ready_for_pickup"


def test_after_a_week_it_is_off_and_money_and_points_are_back(shop, ann, waiting):
    shop.grant(ann, 100)
    order_id = waiting(payment="card", points_to_spend=100)
    paid = shop.order_row(order_id)["bill"]["amount_minor"]
    available = shop.on_shelf("TEA-1")[0]
    pass_days(shop, 5)
    pass_days(shop, 2)

    shown = shop.show(ann, order_id).body
    assert (shown["state"], shown["next_states"]) == ("uncollected", ["returned"])
    assert shown["refunded_minor"] == paid
    assert shop.points(ann) == {"2030-01-01": 100}
    [told] = shop.queued(OrderUncollected)
    assert (told.order_id, told.points_returned) == (order_id, 100)
    assert [event.amount_minor for event in shop.queued(RefundMade)] == [paid]
    shop.minutes()
    assert shop.at_provider(order_id)["refunded_minor"] == paid
    assert shop.on_shelf("TEA-1")[0] == available  # the goods are on their way


def test_what_was_to_be_paid_at_the_counter_is_simply_off(shop, ann, waiting):
    order_id = waiting()
    pass_days(shop, 5)
    pass_days(shop, 2)

    shown = shop.show(ann, order_id).body
    assert (shown["state"], shown["payment_status"]) == ("uncollected", "void")
    assert (shown["refunded_minor"], shop.queued(RefundMade)) == (0, [])


def test_it_is_on_the_shelf_again_once_the_shop_has_it(shop, ann, waiting, move):
    order_id = waiting()
    available, reserved = shop.on_shelf("TEA-1")
    assert move(order_id, "returned").status == 409
    assert move(order_id, "uncollected").status == 200
    assert move(order_id, "returned").status == 200

    assert shop.on_shelf("TEA-1") == (available + 2, reserved)
    assert [event.order_id for event in shop.queued(OrderReturned)] == [order_id]
    assert shop.show(ann, order_id).body["next_states"] == []
    assert move(order_id, "returned").status == 409


def test_one_that_was_fetched_hears_no_more(shop, ann, waiting, move):
    order_id = waiting()
    assert move(order_id, "delivered").status == 200
    pass_days(shop, 5)
    pass_days(shop, 2)

    assert shop.show(ann, order_id).body["state"] == "delivered"
    assert (shop.queued(PickupEnding), shop.queued(OrderUncollected)) == ([], [])


def test_letters_say_so_in_both_languages(cloud, shop, helper, waiting):
    person = helper.customer()
    waiting(person)
    pass_days(shop, 5)
    cloud.drain()
    pass_days(shop, 2)
    cloud.drain()

    subjects = [letter.subject for letter in cloud.letters]
    assert any("is still waiting for you" in subject for subject in subjects)
    assert any("on its way back to us" in subject for subject in subjects)


class TestAnOrderFetchedAsItsTimeEnds:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, waiting, move):
        order_id = waiting()
        pass_days(shop, 5)
        cloud.clock.advance(days=2)

        def tick():
            return cloud.invoke("OrdersConsumer", {"source": "aws.events", "detail": {}})

        def check(answers):
            fetched = answers[0]
            state = shop.order_row(order_id)["state"]
            assert state == ("delivered" if fetched.status == 200 else "uncollected")
            taken = shop.money("order:" + order_id + ":money")
            assert bool(taken) is (state == "delivered")
            assert len(shop.queued(OrderUncollected)) == (state == "uncollected")

        fetch = partial(move, order_id, "delivered", key="the-key-of-the-counter")
        return at_once(fetch, tick, check=check)

    @pytest.mark.case("I11", "I12")
    def test_is_fetched_or_goes_back(self, race):
        race.sample(20)

    def test_is_both_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")
