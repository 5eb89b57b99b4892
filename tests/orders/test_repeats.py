"""Repeat deliveries: the same goods again, every few weeks."""

from datetime import timedelta

import pytest

from common import clock
from common.events.orders import OrderPlaced
from common.events.repeats import RepeatFellShort, RepeatUpcoming
from orders.payments.provider import NoAnswer
from orders.payments.sandbox_store import Sandbox
from scenarios.declared import sample

pytestmark = pytest.mark.feature(52)
PATH = "/v1/repeat-deliveries"


@pytest.fixture
def home(shop, ann):
    return address(shop, ann)


def address(shop, person):
    entry = {"recipient": "Анна Ким", "phone": "+79001234567", "country": "RU", "city": "Москва"}
    entry |= {"street": "Арбат", "house": "1"}
    path, token = "/v1/addresses", shop.token(person)
    return shop.cloud.call("POST", path, entry, token=token, key=shop.key()).body["id"]


@pytest.fixture
def day(shop):
    """Today, by the shop's clock."""
    with shop.cloud.acting("OrdersConsumer"):
        return clock.today()


@pytest.fixture
def reachable(shop, ann):
    """Ann's address is known, so letters reach her."""
    shop.cloud.publish(sample("auth.contact_changed.v1", customer_id=ann.id))


def wanted(home, day, *items, **more):
    lines = [{"sku": sku, "quantity": quantity} for sku, quantity in items or [("TEA-1", 2)]]
    asked = {"items": lines, "every_weeks": 4, "address_id": home, "payment": "cash_on_delivery"}
    return asked | {"next_on": (day + timedelta(days=7)).isoformat()} | more


def unanswered(self, charge):
    """A provider that is silent, and does nothing."""
    raise NoAnswer


def begin(shop, person, body):
    return shop.cloud.call("POST", PATH, body, token=shop.token(person), key=shop.key())


def ask(shop, person, method, path, body=None, **more):
    return shop.cloud.call(method, path, body, token=shop.token(person), **more)


def kind(answer):
    return answer.body["type"].rpartition(":")[2]


def pass_to(shop, days):
    """Days later, with the minute in which timers fire."""
    shop.cloud.clock.advance(days=days)
    shop.cloud.tick()
    shop.cloud.tick()


def orders(shop, person):
    found = ask(shop, person, "GET", "/v1/orders").body["items"]
    return [ask(shop, person, "GET", f"/v1/orders/{one['id']}").body for one in found]


def a_repeat(shop, person, home, day, *items, **more):
    """The path of a repeat delivery, begun."""
    answer = begin(shop, person, wanted(home, day, *items, **more))
    assert answer.status == 201, answer.body
    return f"{PATH}/{answer.body['id']}"


def told(shop):
    return shop.cloud.published(RepeatUpcoming)


def short(shop):
    return shop.cloud.published(RepeatFellShort)


def reprice(shop, sku, **fields):
    path = f"/v1/staff/products/{sku}"
    assert shop.cloud.call("PATCH", path, fields, token=shop.manager.token).status == 200


class TestBeginning:
    def test_it_shows_what_comes_how_often_and_when(self, shop, ann, home, day):
        shown = begin(shop, ann, wanted(home, day, ("TEA-1", 2), ("WRAP", 1))).body

        assert [(i["sku"], i["quantity"], i["available"]) for i in shown["items"]] == [
            ("TEA-1", 2, True),
            ("WRAP", 1, True),
        ]
        assert (shown["goods_minor"], shown["currency"]) == (229_000, "RUB")
        assert shown["next_on"] == (day + timedelta(days=7)).isoformat()

    def test_nothing_is_ordered_before_its_day(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day)
        pass_to(shop, 6)

        assert orders(shop, ann) == []

    @pytest.mark.parametrize("days", [-1, 0, 367])
    def test_its_first_day_is_to_come(self, shop, ann, home, day, days):
        first = (day + timedelta(days=days)).isoformat()
        answer = begin(shop, ann, wanted(home, day, next_on=first))

        assert answer.status == 422
        assert answer.body["errors"][0]["code"] == "day_to_come"

    def test_what_is_not_sold_cannot_be_repeated(self, shop, ann, home, day):
        answer = begin(shop, ann, wanted(home, day, ("NOTHING", 1)))

        assert (answer.status, kind(answer)) == (404, "unknown_product")

    def test_a_product_is_named_once(self, shop, ann, home, day):
        answer = begin(shop, ann, wanted(home, day, ("TEA-1", 1), ("TEA-1", 2)))

        assert answer.status == 422

    @pytest.mark.case("Z1")
    def test_it_goes_to_nobody_elses_address(self, shop, bob, home, day):
        answer = begin(shop, bob, wanted(home, day))

        assert answer.status == 422
        assert answer.body["errors"][0]["code"] == "no_such_address"

    def test_a_card_has_to_be_there_to_be_charged(self, shop, ann, home, day):
        answer = begin(shop, ann, wanted(home, day, payment="card"))

        assert (answer.status, kind(answer)) == (409, "no_saved_card")

    @pytest.mark.case("I1")
    def test_a_repeated_call_begins_one(self, shop, ann, home, day):
        body, key, token = wanted(home, day), shop.key(), shop.token(ann)
        first, again = (shop.cloud.call("POST", PATH, body, token=token, key=key) for _ in "12")

        assert first.body == again.body
        assert len(ask(shop, ann, "GET", PATH).body["items"]) == 1

    def test_there_are_at_most_twenty(self, shop, ann, home, day):
        for _ in range(20):
            a_repeat(shop, ann, home, day)
        answer = begin(shop, ann, wanted(home, day))

        assert (answer.status, kind(answer)) == (409, "too_many_repeats")


class TestTelling:
    def test_its_customer_is_told_three_days_before(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day)
        reprice(shop, "TEA-1", price_minor=90_000)
        pass_to(shop, 4)

        [event] = told(shop)
        [line] = event.lines
        assert (line.quantity, line.total_minor, event.goods_minor) == (2, 180_000, 180_000)
        assert event.next_on == day + timedelta(days=7)

    def test_of_a_delivery_that_is_near_the_answer_has_told_already(self, shop, ann, home, day):
        soon = (day + timedelta(days=2)).isoformat()
        a_repeat(shop, ann, home, day, next_on=soon)
        pass_to(shop, 2)

        assert told(shop) == []
        assert len(orders(shop, ann)) == 1

    def test_a_letter_says_what_will_come(self, shop, ann, home, day, reachable):
        a_repeat(shop, ann, home, day)
        pass_to(shop, 4)

        [item] = ask(shop, ann, "GET", "/v1/inbox").body["items"]
        assert item["subject"].startswith("Следующая доставка — ")


class TestOrdering:
    def test_an_order_is_placed_on_its_day_and_the_next_in_four_weeks(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        pass_to(shop, 4)
        pass_to(shop, 3)

        [order] = orders(shop, ann)
        assert [(x["sku"], x["quantity"]) for x in order["lines"]] == [("TEA-1", 2)]
        assert order["state"] == "placed"
        assert ask(shop, ann, "GET", path).body["next_on"] == (day + timedelta(35)).isoformat()

        pass_to(shop, 25)
        pass_to(shop, 3)
        assert len(orders(shop, ann)) == 2

    @pytest.mark.case("T1")
    def test_an_outage_delays_a_delivery_and_doubles_none(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        pass_to(shop, 50)

        assert len(orders(shop, ann)) == 1
        assert ask(shop, ann, "GET", path).body["next_on"] == (day + timedelta(63)).isoformat()

    def test_what_became_dearer_unseen_is_left_out(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day, ("TEA-1", 1), ("TEA-2", 1))
        shop.cloud.clock.advance(days=4)
        shop.cloud.tick()
        shop.manager = shop.cloud.staff("manager")
        reprice(shop, "TEA-2", price_minor=51_000)
        pass_to(shop, 3)

        [order] = orders(shop, ann)
        [event] = short(shop)
        assert [x["sku"] for x in order["lines"]] == ["TEA-1"]
        assert event.number == order["number"]
        assert [(x.name_en, x.reason) for x in event.left_out] == [("Product TEA-2", "dearer")]

    @pytest.mark.feature(68)
    def test_what_is_for_some_tiers_first_does_not_come_by_itself(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day, ("TEA-1", 1), ("TEA-2", 1))
        shop.cloud.clock.advance(days=4)
        shop.cloud.tick()
        shop.manager = shop.cloud.staff("manager")
        reprice(shop, "TEA-2", early_access_tier="gold")
        pass_to(shop, 3)

        [event] = short(shop)
        assert [(x.name_en, x.reason) for x in event.left_out] == [
            ("Product TEA-2", "early_access")
        ]

    def test_what_became_cheaper_costs_less(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day, ("TEA-1", 1))
        shop.cloud.clock.advance(days=4)
        shop.cloud.tick()
        shop.manager = shop.cloud.staff("manager")
        reprice(shop, "TEA-1", price_minor=80_000)
        pass_to(shop, 3)

        [order] = orders(shop, ann)
        assert order["totals"]["goods_minor"] == 80_000

    def test_where_nothing_is_left_there_is_no_order(self, shop, ann, bob, home, day):
        a_repeat(shop, ann, home, day)
        shop.order(bob, "TEA-1", 9)
        pass_to(shop, 7)

        [event] = short(shop)
        assert orders(shop, ann) == []
        assert (event.number, event.hindrance) == (None, "nothing_left")
        assert [x.reason for x in event.left_out] == ["out_of_stock"]

    def test_without_its_address_there_is_no_order(self, shop, ann, home, day):
        a_repeat(shop, ann, home, day)
        assert ask(shop, ann, "DELETE", f"/v1/addresses/{home}").status == 204
        pass_to(shop, 7)

        assert orders(shop, ann) == []
        assert [event.hindrance for event in short(shop)] == ["no_address"]

    @pytest.mark.feature(37)
    @pytest.mark.parametrize(
        ("up_to_grams", "fees", "hindrances"), [(5_000, [45_000], []), (999, [], ["no_way"])]
    )
    def test_it_is_delivered_at_the_shops_rates_where_it_has_some(
        self, shop, ann, home, day, up_to_grams, fees, hindrances
    ):
        heavy = shop.product("TEA-9", weight_grams=500)
        shop.stock(heavy)
        rate = {"up_to_grams": up_to_grams, "price_minor": 45_000, "days_min": 2, "days_max": 4}
        zone = {"name": "Москва", "country": "RU", "cities": ["москва"], "rates": [rate]}
        path, token = "/v1/staff/delivery-rates", shop.manager.token
        assert shop.cloud.call("PUT", path, {"zones": [zone]}, token=token).status == 200
        a_repeat(shop, ann, home, day, ("TEA-9", 2))
        pass_to(shop, 7)

        assert [order["totals"]["delivery_minor"] for order in orders(shop, ann)] == fees
        assert [event.hindrance for event in short(shop)] == hindrances

    def test_a_letter_says_why_there_is_no_order(self, shop, ann, home, day, reachable):
        a_repeat(shop, ann, home, day)
        assert ask(shop, ann, "DELETE", f"/v1/addresses/{home}").status == 204
        pass_to(shop, 7)

        items = ask(shop, ann, "GET", "/v1/inbox").body["items"]
        assert "В этот раз доставки не будет" in [i["subject"] for i in items]


class TestPaying:
    def test_the_balance_pays_while_it_is_enough(self, shop, ann, home, day):
        shop.give_money(ann, 250_000)
        a_repeat(shop, ann, home, day, payment="balance")
        pass_to(shop, 7)
        pass_to(shop, 28)

        [order] = orders(shop, ann)
        assert (order["payment"], order["state"]) == ("balance", "placed")
        assert [event.hindrance for event in short(shop)] == ["low_balance"]

    @pytest.fixture
    def card(self, shop, ann):
        """A card that Ann let the provider keep."""
        paid = shop.order(ann, "WRAP", payment="card")["id"]
        assert shop.pay(ann, paid, "tok_ok", keep_card=True).status == 200
        return ask(shop, ann, "GET", "/v1/payment-methods").body["items"][0]["id"]

    def test_a_saved_card_pays_with_nobody_at_the_screen(self, shop, ann, home, day, card):
        a_repeat(shop, ann, home, day, payment="card")
        pass_to(shop, 7)
        shop.minutes(3)

        order = orders(shop, ann)[0]
        assert (order["state"], order["payment_status"]) == ("paid", "authorised")
        shop.cloud.drain()
        placed = {told.order_id: told.charged for told in shop.cloud.published(OrderPlaced)}
        assert placed[order["id"]]

    @pytest.mark.case("T2")
    def test_a_provider_that_does_not_answer_is_asked_until_it_does(
        self, shop, ann, home, day, card, monkeypatch
    ):
        a_repeat(shop, ann, home, day, payment="card")
        with monkeypatch.context() as silent:
            silent.setattr(Sandbox, "charge", unanswered)
            pass_to(shop, 7)
            shop.minutes(3)
            assert orders(shop, ann)[0]["payment_status"] == "pending"

        shop.minutes(2)

        assert orders(shop, ann)[0]["state"] == "paid"

    def test_without_a_card_there_is_no_order(self, shop, ann, home, day, card):
        a_repeat(shop, ann, home, day, payment="card")
        assert ask(shop, ann, "DELETE", f"/v1/payment-methods/{card}").status == 204
        pass_to(shop, 7)

        assert len(orders(shop, ann)) == 1  # the one that the card came by
        assert [event.hindrance for event in short(shop)] == ["no_card"]


class TestChanging:
    def test_a_delivery_is_skipped_once(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        on = {"on": (day + timedelta(days=7)).isoformat()}
        first, again = (ask(shop, ann, "PUT", f"{path}/skip", on) for _ in "12")
        pass_to(shop, 7)

        assert first.body["next_on"] == again.body["next_on"] == (day + timedelta(35)).isoformat()
        assert orders(shop, ann) == []

    def test_only_the_next_delivery_is_skipped(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        due = ask(shop, ann, "GET", path).body["next_on"]
        later = ask(shop, ann, "PUT", f"{path}/skip", {"on": (day + timedelta(35)).isoformat()})
        over = ask(shop, ann, "PUT", f"{path}/skip", {"on": (day + timedelta(1)).isoformat()})

        assert (later.status, kind(later)) == (409, "not_next_delivery")
        assert (later.body["next_on"], over.body["next_on"]) == (due, due)

    def test_while_paused_nothing_comes_and_then_its_rhythm_goes_on(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        assert ask(shop, ann, "PATCH", path, {"paused": True}).body["paused"] is True
        pass_to(shop, 40)
        assert orders(shop, ann) == []

        going = ask(shop, ann, "PATCH", path, {"paused": False}).body
        assert going["next_on"] == (day + timedelta(days=63)).isoformat()

    def test_what_is_named_is_changed(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        items = [{"sku": "TEA-2", "quantity": 3}]
        shown = ask(shop, ann, "PATCH", path, {"items": items, "every_weeks": 2}).body

        assert (shown["every_weeks"], shown["goods_minor"]) == (2, 150_000)
        assert shown["next_on"] == (day + timedelta(days=7)).isoformat()

    def test_another_day_is_the_day(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        ask(shop, ann, "PATCH", path, {"next_on": (day + timedelta(days=9)).isoformat()})
        pass_to(shop, 8)
        assert orders(shop, ann) == []
        pass_to(shop, 1)
        assert len(orders(shop, ann)) == 1

    @pytest.mark.case("E4")
    def test_a_change_of_what_was_read_before_another_is_refused(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        etag = ask(shop, ann, "GET", path).headers["etag"]
        ask(shop, ann, "PATCH", path, {"every_weeks": 2})
        answer = ask(shop, ann, "PATCH", path, {"every_weeks": 3}, headers={"If-Match": etag})

        assert answer.status == 412

    def test_when_it_is_ended_nothing_comes(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        assert ask(shop, ann, "DELETE", path).status == 204
        pass_to(shop, 8)

        assert orders(shop, ann) == []
        assert ask(shop, ann, "GET", path).status == 404

    @pytest.mark.feature(15)
    def test_who_wishes_to_be_erased_gets_nothing_unasked(self, shop, ann, home, day):
        path = a_repeat(shop, ann, home, day)
        wish = sample("auth.erasure_requested.v1", customer_id=ann.id, occurred_at=clock.now())
        shop.cloud.publish(wish)
        assert ask(shop, ann, "GET", path).body["paused"] is True
        pass_to(shop, 8)
        assert orders(shop, ann) == []

        ask(shop, ann, "PATCH", path, {"paused": False})
        shop.cloud.publish(wish)  # once more, and they have stayed
        assert ask(shop, ann, "GET", path).body["paused"] is False

    @pytest.mark.case("Z1")
    @pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
    def test_nobody_touches_what_is_not_theirs(self, shop, ann, bob, home, day, method):
        path = a_repeat(shop, ann, home, day)
        body = {"paused": True} if method == "PATCH" else None

        assert ask(shop, bob, method, path, body).status == 404
        assert ask(shop, ann, "GET", path).body["paused"] is False
