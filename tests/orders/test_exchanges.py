"""Exchanges: another size, or the same again, in place of money (FEATURES 42)."""

from datetime import timedelta
from functools import partial

import pytest

from auth import tokens
from common import clock, ids, offers
from common.access import Role
from common.events.orders import OrderPlaced, RefundMade
from common.events.returns import ReturnExchanged, ReturnRejected
from orders.returns.body import MOST_LINES
from orders.returns.offer import KIND, LONGEST, Offer
from orders.returns.parts import Promise
from orders.returns.reasons import Reason

pytestmark = pytest.mark.feature(42)
SMALL = {"sku": "SHIRT-S", "quantity": 1, "reason": "does_not_fit", "exchange_for": "SHIRT-M"}
SIZES = ("SHIRT-S", 100_000), ("SHIRT-M", 100_000), ("SHIRT-L", 120_000), ("SHIRT-XS", 70_000)


@pytest.fixture
def shop(shop):
    """A shop that has shirts in sizes too."""
    sizes = [shop.product(sku, price, 5, group="SHIRT") for sku, price in SIZES]
    assert shop.stock(*sizes).status == 200
    return shop


@pytest.fixture
def post(shop):
    """A call of the customer, or of an agent."""

    def ask(who, path, body=None, key=None):
        with shop.cloud.acting("AuthApi"):
            known = shop.agent.id, shop.agent.session_id
            agent = tokens.access_token(*known, Role.AGENT, clock.now())
        token = shop.token(who) if who else agent
        return shop.cloud.call("POST", path, body, token=token, key=key or shop.key())

    return ask


@pytest.fixture
def bought(shop, ann):
    """The id of an order of two small shirts, delivered, paid for at the door."""
    return delivered(shop, shop.order(ann, "SHIRT-S", 2)["id"])


@pytest.fixture
def preview(post, ann):
    return lambda order_id, *lines: post(
        ann, "/v1/return-previews", {"order_id": order_id, "lines": lines or [SMALL]}
    )


@pytest.fixture
def ask(post, ann, preview):
    """The id of an exchange that was asked for."""

    def begin(order_id, *lines):
        shown = preview(order_id, *lines)
        assert shown.status == 200, shown.body
        asked = post(ann, "/v1/returns", {"preview_id": shown.body["preview_id"]})
        assert asked.status == 201, asked.body
        return asked.body["id"]

    return begin


@pytest.fixture
def decide(post):
    def ask(return_id, **decision):
        body = decision or {"decision": "approved"}
        return post(None, f"/v1/staff/returns/{return_id}/decision", body)

    return ask


@pytest.fixture
def receive(post):
    def ask(return_id, restocked=1, scrapped=0, key=None):
        lines = [{"sku": "SHIRT-S", "restocked": restocked, "scrapped": scrapped}]
        return post(None, f"/v1/staff/returns/{return_id}/receipt", {"lines": lines}, key)

    return ask


@pytest.fixture
def largest(shop, ann):
    """An order of as many lines as a return may have, each with the longest SKU, that points of a
    hundred days paid for, delivered; its id and its SKUs."""
    skus = [f"THING-{n:02}".ljust(40, "X") for n in range(MOST_LINES)]
    assert shop.stock(*(shop.product(sku, available=20) for sku in skus)).status == 200
    days = [clock.now().date() + timedelta(days=n) for n in range(1, 101)]
    for day in days:
        shop.grant(ann, 10, day.isoformat())
    for sku in skus:
        assert shop.put(ann, sku, 9).status == 200
    placed = shop.check_out(ann, points_to_spend=10 * len(days))
    assert placed.status == 201, placed.body
    return delivered(shop, placed.body["id"]), skus


def delivered(shop, order_id):
    for to in ("assembling", "shipped", "delivered"):
        assert shop.move(order_id, to).status == 200
    return order_id


def kind(answer):
    return answer.body.get("type", "").rpartition(":")[2] or answer.status


class TestAPreview:
    def test_says_what_comes_and_what_is_over(self, bought, preview):
        shown = preview(bought, SMALL | {"exchange_for": "SHIRT-XS"}).body

        [item] = shown["items"]
        assert item["exchange"] == {
            "sku": "SHIRT-XS",
            "name": "Товар SHIRT-XS",
            "price_minor": 70_000,
            "carried_minor": 70_000,
        }
        assert (shown["refund"]["total_minor"], shown["refund"]["balance_minor"]) == (30_000,) * 2

    @pytest.mark.parametrize(
        ("sku", "problem"),
        [
            ("SHIRT-L", "dearer_replacement"),
            ("TEA-2", "not_a_replacement"),
            ("WRAP", "not_a_replacement"),
            ("NO-SUCH", "not_a_replacement"),
        ],
    )
    def test_is_refused_for_what_cannot_come_instead(self, bought, preview, sku, problem):
        refused = preview(bought, SMALL | {"exchange_for": sku})
        assert (kind(refused), refused.body["sku"]) == (problem, sku)

    @pytest.mark.feature(68)
    def test_is_refused_for_what_some_tiers_have_first(self, shop, bought, preview):
        body, token = {"early_access_tier": "gold"}, shop.cloud.staff("manager").token
        shop.cloud.call("PATCH", "/v1/staff/products/SHIRT-M", body, token=token)
        assert kind(preview(bought)) == "not_a_replacement"

    def test_is_refused_for_more_than_there_is(self, shop, bob, bought, preview):
        shop.order(bob, "SHIRT-M", 4)
        refused = preview(bought, SMALL | {"quantity": 2})
        assert (kind(refused), refused.body["available"]) == ("replacement_out_of_stock", 1)

    @pytest.mark.case("V10")
    def test_takes_one_line_for_each_thing_that_comes(self, shop, ann, preview, bought):
        other = SMALL | {"sku": "SHIRT-L"}
        assert preview(bought, SMALL, other).status == 422


class TestAnExchange:
    def test_brings_another_size(self, shop, ann, bought, ask, decide, receive):
        return_id = ask(bought)
        assert shop.on_shelf("SHIRT-M") == (4, 1)
        approved = decide(return_id).body
        assert approved["next_states"] == ["refunded", "exchanged", "rejected", "withdrawn"]
        done = receive(return_id).body

        assert (done["state"], done["refund"]["total_minor"]) == ("exchanged", 0)
        new = shop.show(ann, done["replacement_order_id"]).body
        assert (new["state"], new["replaces_order_id"]) == ("placed", bought)
        assert [(x["sku"], x["quantity"], x["paid_minor"]) for x in new["lines"]] == [
            ("SHIRT-M", 1, 100_000)
        ]
        assert (new["payment"], new["balance_minor"]) == ("balance", 100_000)
        assert (shop.on_shelf("SHIRT-M"), shop.on_shelf("SHIRT-S")) == ((4, 1), (4, 0))
        assert shop.money(f"order:{new['id']}:money") == 100_000
        assert shop.money(f"customer:{ann.id}:money") == 0
        assert shop.queued(RefundMade) == []
        [told] = shop.queued(ReturnExchanged)
        assert (told.carried_minor, told.replacement_id) == (100_000, new["id"])
        assert new["id"] in [event.order_id for event in shop.queued(OrderPlaced)]
        delivered(shop, new["id"])
        assert shop.on_shelf("SHIRT-M") == (4, 0)

    def test_for_something_cheaper_gives_the_rest_back(self, shop, ann, ask, decide, receive):
        order_id = shop.order(ann, "SHIRT-S", 1, payment="card")["id"]
        shop.pay(ann, order_id, "tok_ok")
        shop.move(order_id, "assembling")
        shop.move(order_id, "shipped")
        shop.minutes()
        shop.move(order_id, "delivered")
        return_id = ask(order_id, SMALL | {"exchange_for": "SHIRT-XS"})
        decide(return_id)
        done = receive(return_id).body

        assert (done["state"], done["refund"]["source_minor"]) == ("exchanged", 30_000)
        [told] = shop.queued(RefundMade)
        assert (told.amount_minor, told.balance_minor) == (30_000, 0)
        shop.minutes()
        assert shop.at_provider(order_id)["refunded_minor"] == 30_000
        new = done["replacement_order_id"]
        assert shop.money(f"order:{new}:money") == 70_000
        assert shop.show(ann, order_id).body["refunded_minor"] == 100_000

    def test_carries_the_points_that_paid(self, cloud, shop, ann, ask, decide, receive):
        shop.grant(ann, 100)
        order_id = delivered(shop, shop.order(ann, "SHIRT-S", 1, points_to_spend=100)["id"])
        cloud.drain()
        return_id = ask(order_id)
        decide(return_id)
        done = receive(return_id).body
        new = shop.show(ann, done["replacement_order_id"]).body

        assert (done["refund"]["points_given"], done["refund"]["total_minor"]) == (0, 0)
        assert (new["points_spent"], new["balance_minor"]) == (100, 90_000)
        cloud.drain()
        shop.cancel(ann, new["id"])
        cloud.drain()
        assert shop.points(ann)["2030-01-01"] == 100
        assert shop.money(f"customer:{ann.id}:money") == 90_000

    def test_of_a_defect_brings_the_same_though_it_costs_more_now(
        self, shop, ann, bought, ask, decide, receive
    ):
        shop.stock(shop.product("SHIRT-S", 150_000, 5, group="SHIRT"))
        same = SMALL | {"exchange_for": "SHIRT-S", "reason": "defect", "quantity": 2}
        return_id = ask(bought, same)
        assert shop.on_shelf("SHIRT-S") == (1, 2)
        decide(return_id)
        done = receive(return_id, restocked=0, scrapped=1).body

        assert (done["state"], done["refund"]["total_minor"]) == ("exchanged", 0)
        assert shop.on_shelf("SHIRT-S") == (2, 1)  # the other piece did not come
        [line] = shop.show(ann, done["replacement_order_id"]).body["lines"]
        assert (line["quantity"], line["price_minor"]) == (1, 100_000)

    def test_of_what_never_came_is_sent_at_once(self, shop, ann, bought, ask, decide):
        missing = SMALL | {"exchange_for": "SHIRT-S", "reason": "shortage"}
        done = decide(ask(bought, missing)).body

        assert done["state"] == "exchanged"
        assert shop.show(ann, done["replacement_order_id"]).body["state"] == "placed"

    def test_is_given_back_like_any_order(self, shop, ann, post, bought, ask, decide, receive):
        return_id = ask(bought)
        decide(return_id)
        new = delivered(shop, receive(return_id).body["replacement_order_id"])
        line = {"sku": "SHIRT-M", "quantity": 1, "reason": "changed_mind"}
        again = ask(new, line)
        decide(again)
        lines = [{"sku": "SHIRT-M", "restocked": 1, "scrapped": 0}]
        assert post(None, f"/v1/staff/returns/{again}/receipt", {"lines": lines}).status == 200

        assert shop.money(f"customer:{ann.id}:money") == 100_000
        assert shop.money(f"order:{new}:money") == 0

    @pytest.mark.parametrize("end", ["rejected", "withdrawn"])
    def test_that_comes_to_nothing_keeps_nothing(self, shop, ann, post, bought, ask, decide, end):
        return_id = ask(bought)
        if end == "rejected":
            assert decide(return_id, decision="rejected", rejection="used").status == 200
        else:
            assert post(ann, f"/v1/returns/{return_id}/withdraw").status == 200
        assert shop.on_shelf("SHIRT-M") == (5, 0)
        assert shop.order_row(bought)["returned"]["open"] == 0

    def test_whose_goods_never_come_ends_in_two_weeks(self, cloud, shop, bought, ask, decide):
        return_id = ask(bought)
        decide(return_id)
        cloud.clock.advance(days=13, hours=23)
        shop.minutes()
        assert shop.on_shelf("SHIRT-M") == (4, 1)
        cloud.clock.advance(hours=2)
        shop.minutes(2)

        assert shop.on_shelf("SHIRT-M") == (5, 0)
        assert [event.return_id for event in shop.queued(ReturnRejected)] == [return_id]
        assert shop.queued(ReturnRejected)[0].rejection == "never_came"

    def test_is_refused_where_the_money_went_back_otherwise(
        self, shop, bought, ask, decide, receive
    ):
        return_id = ask(bought)
        decide(return_id)
        assert shop.refund(bought).status == 200
        assert kind(receive(return_id)) == "exchange_not_covered"
        assert decide(return_id, decision="rejected", rejection="other").status == 200

    def test_promised_keeps_its_price_though_the_shop_changes_it(
        self, shop, ann, post, bought, preview
    ):
        shown = preview(bought).body["preview_id"]
        shop.stock(shop.product("SHIRT-M", 130_000, 5, group="SHIRT"))
        asked = post(ann, "/v1/returns", {"preview_id": shown})
        assert asked.body["items"][0]["exchange"]["price_minor"] == 100_000

    @pytest.mark.feature(36)
    def test_is_documented_as_money_back_and_paid_anew(
        self, cloud, shop, ann, bought, ask, decide, receive
    ):
        return_id = ask(bought)
        decide(return_id)
        new = receive(return_id).body["replacement_order_id"]
        cloud.drain()

        listed = cloud.call("GET", "/v1/documents", token=shop.token(ann)).body["items"]
        kinds = sorted((one["kind"], one["order_id"]) for one in listed)
        assert ("refund_receipt", bought) in kinds
        assert {("invoice", new), ("receipt", new)} <= set(kinds)

    @pytest.mark.case("E1")
    def test_takes_the_points_that_were_earned_and_earns_them_anew(
        self, cloud, shop, ann, bought, ask, decide, receive
    ):
        cloud.drain()
        earned = sum(shop.points(ann).values())
        return_id = ask(bought)
        decide(return_id)
        done = receive(return_id).body
        cloud.drain()
        left = earned - done["refund"]["points_taken"]
        assert sum(shop.points(ann).values()) == left < earned
        delivered(shop, done["replacement_order_id"])
        cloud.drain()
        assert sum(shop.points(ann).values()) == left + 50


@pytest.mark.case("V4")
def test_the_largest_that_can_be_previewed_can_be_asked_for(post, ann, largest, preview):
    order_id, skus = largest
    lines = [SMALL | {"sku": sku, "quantity": 3, "exchange_for": sku} for sku in skus]
    shown = preview(order_id, *lines)
    assert shown.status == 200, shown.body

    asked = post(ann, "/v1/returns", {"preview_id": shown.body["preview_id"]})

    assert asked.status == 201, asked.body
    assert [item["sku"] for item in asked.body["items"]] == skus


@pytest.mark.case("V4")
def test_a_preview_of_the_most_that_could_be_is_no_longer_than_what_is_taken(cloud):
    skus, most = [f"{n:02}".ljust(40, "X") for n in range(MOST_LINES)], 10**12
    days = [clock.now().date() + timedelta(days=n) for n in range(366)]
    lots = dict.fromkeys(map(str, days), 10**6)
    pieces = tuple((sku, 999, Reason.NOT_AS_DESCRIBED, most) for sku in skus)
    told = Promise(most, most, most, lots, 10**9, most, lots, -most)
    offered = Offer(
        ids.new(clock.now()),
        ids.new(clock.now()),
        pieces,
        told,
        {sku: (sku, most, most) for sku in skus},
    )

    with cloud.acting("OrdersReturnsApi"):
        sealed = offers.seal(KIND, "ann", offered.terms(), clock.now())

    assert len(sealed) <= LONGEST


class TestTwoExchangesForTheLastPiece:
    @pytest.fixture
    def race(self, at_once, shop, ann, bob, post, preview):
        orders = [delivered(shop, shop.order(ann, "SHIRT-S")["id"]) for _ in range(2)]
        shop.order(bob, "SHIRT-M", 4)
        shown = [preview(one).body["preview_id"] for one in orders]

        def check(answers):
            assert sorted(map(str, map(kind, answers))) == ["201", "replacement_out_of_stock"]
            assert shop.on_shelf("SHIRT-M") == (0, 5)

        keys = ("the-first-key", "the-second-key")
        bodies = [{"preview_id": one} for one in shown]
        tasks = [
            partial(post, ann, "/v1/returns", *both) for both in zip(bodies, keys, strict=True)
        ]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I1")
    def test_are_one(self, race):
        race.sample(20)

    def test_are_two_when_the_shelf_is_looked_at_first(self, race):
        race.catches("PRODUCT#")


class TestAnExchangeReceivedAsItEnds:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, bought, ask, decide, receive):
        return_id = ask(bought)
        decide(return_id)
        cloud.clock.advance(days=14, seconds=1)
        agent_key = "the-key-of-the-receipt"

        def tick():
            return cloud.invoke("OrdersConsumer", {"source": "aws.events", "detail": {}})

        def check(answers):
            came = answers[0]
            [row] = [r for r in cloud.items("OrdersTable") if r["sk"] == f"RETURN#{return_id}"]
            state = row["history"][-1]["state"]
            assert state == ("exchanged" if came.status == 200 else "rejected")
            assert shop.on_shelf("SHIRT-M") == ((4, 1) if came.status == 200 else (5, 0))

        return at_once(partial(receive, return_id, key=agent_key), tick, check=check)

    @pytest.mark.case("I11")
    def test_is_one_or_the_other(self, race):
        race.sample(20)


def test_letters_say_how_an_exchange_goes_on(cloud, shop, post, decide, receive):
    from shop import Shop

    person = Shop(cloud).customer()
    order_id = delivered(shop, shop.order(person, "SHIRT-S", 2)["id"])
    body = {"order_id": order_id, "lines": [SMALL]}
    shown = post(person, "/v1/return-previews", body).body["preview_id"]
    return_id = post(person, "/v1/returns", {"preview_id": shown}).body["id"]
    decide(return_id)
    receive(return_id)
    cloud.drain()

    asked, approved, done = [
        next(x for x in cloud.letters if words in x.text)
        for words in ("is kept for you.", "for two weeks", "an order of its own")
    ]
    assert "To be given back" not in asked.text
    assert "The money goes back" not in approved.text
    assert "exchange" in done.subject
