"""Two things at once, in every order of their calls: one wins, the other is told so."""

from functools import partial

import pytest

from common import clock, ids, ledger, table
from common.events.orders import CartAbandoned, OrderCancelled, OrderPlaced, OrderShipped

PROBLEM = "urn:kabinet:problem:"
KEYS = "the-first-key", "the-second-key"
LATER = "2030-01-01"


def told(answer):
    """What an answer says: its status, and the problem if it is one."""
    kind = answer.body.get("type", "").removeprefix(PROBLEM)
    return (answer.status, kind) if kind else answer.status


class TestTheLastUnit:
    @pytest.fixture
    def race(self, at_once, shop, ann, bob):
        shop.stock(shop.product("LAST-1", 100_000, 1))
        shop.put(ann, "LAST-1")
        shop.put(bob, "LAST-1")

        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "out_of_stock"), 201]
            assert shop.on_shelf("LAST-1") == (0, 1)
            assert len(shop.queued(OrderPlaced)) == 1

        tasks = [partial(shop.check_out, who, KEYS[0]) for who in (ann, bob)]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I1", "I14")
    def test_is_sold_once(self, race):
        race.every()

    def test_is_sold_twice_when_the_shelf_is_looked_at_first(self, race):
        race.catches("PRODUCT#")


class TestOneKeyTwice:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        shop.put(ann, "TEA-1")

        def check(answers):
            one, other = answers
            assert (one.status, one.body) == (201, other.body)
            assert "idempotent-replayed" in {**one.headers, **other.headers}
            assert len(shop.queued(OrderPlaced)) == 1

        return at_once(*[partial(shop.check_out, ann, KEYS[0])] * 2, check=check)

    @pytest.mark.case("I2", "I6")
    def test_is_one_order_and_one_answer(self, race):
        race.every()

    def test_is_two_orders_when_key_and_cart_are_looked_at_first(self, race):
        race.catches("IDEMPOTENCY#", "CART")


@pytest.mark.case("I2", "I6")
def test_one_key_three_times_is_one_order(at_once, shop, ann):
    shop.put(ann, "TEA-1")

    def check(answers):
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert len(shop.queued(OrderPlaced)) == 1

    at_once(*[partial(shop.check_out, ann, KEYS[0])] * 3, check=check).sample(12)


class TestOneCartWithTwoKeys:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        """The slower one may find the cart changed, or empty, or the points gone from beside it:
        a batch of reads is not one moment."""
        shop.grant(ann, 100)
        shop.put(ann, "TEA-1")

        def check(answers):
            [refused] = {told(answer) for answer in answers} - {201}
            kinds = "cart_changed", "cart_empty", "not_enough_points"
            assert refused in [(409, kind) for kind in kinds]
            assert [len(shop.queued(OrderPlaced)), shop.points(ann)] == [1, {}]
            assert shop.on_shelf("TEA-1") == (9, 1)

        tasks = [partial(shop.check_out, ann, key, points_to_spend=100) for key in KEYS]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I8", "I10")
    def test_is_bought_once(self, race):
        race.every()

    def test_is_bought_twice_when_cart_and_points_are_looked_at_first(self, race):
        race.catches("CART", "~LOTS")


class TestACartThatChangesDuringCheckout:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        shop.put(ann, "TEA-1", 2)

        def check(answers):
            bought, put = map(told, answers)
            cart = {line["sku"]: line["quantity"] for line in shop.cart(ann).body["lines"]}
            lines = [{x.sku: x.quantity for x in e.lines} for e in shop.queued(OrderPlaced)]
            assert (bought, put, lines, cart) in [
                (201, 200, [{"TEA-1": 2}], {"TEA-2": 7}),
                (201, 200, [{"TEA-1": 2, "TEA-2": 7}], {}),
                ((409, "cart_changed"), 200, [], {"TEA-1": 2, "TEA-2": 7}),
            ]

        tasks = partial(shop.check_out, ann, KEYS[0]), partial(shop.put, ann, "TEA-2", 7)
        return at_once(*tasks, check=check)

    @pytest.mark.case("I10")
    def test_is_bought_as_it_was_before_or_after(self, race):
        race.every()

    def test_loses_the_change_when_it_is_looked_at_first(self, race):
        race.catches("CART")


class TestTheFirstTwoLines:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            assert {x["sku"] for x in shop.cart(ann).body["lines"]} == {"TEA-1", "TEA-2"}
            timers = [row for row in cloud.items("OrdersTable") if row["pk"].startswith("TIMER#")]
            assert len(timers) == 1

        tasks = [partial(shop.put, ann, sku) for sku in ("TEA-1", "TEA-2")]
        return at_once(*tasks, check=check)

    def test_are_both_in_the_cart(self, race):
        race.every()

    def test_are_one_when_the_cart_is_looked_at_first(self, race):
        race.catches("CART")


class TestPoints:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann):
        """A checkout spends a hundred while something else spends sixty of them."""
        shop.grant(ann, 100)
        shop.put(ann, "TEA-1")

        def spend():
            with cloud.acting("OrdersApi"):
                now = clock.now()
                account = ledger.points_of(ann.id)
                legs = ledger.transfer(account, "shop:points:redeemed", {LATER: 60})
                posting = ledger.Posting(ids.new(now), "redemption", now, legs)
                table.commit(*ledger.post(posting))

        def check(answers):
            bought, spent = told(answers[0]), answers[1] is None
            assert (bought, spent, shop.points(ann)) in [
                (201, False, {}),
                ((409, "not_enough_points"), True, {LATER: 40}),
            ]

        buy = partial(shop.check_out, ann, KEYS[0], points_to_spend=100)
        return at_once(buy, spend, check=check)

    @pytest.mark.case("I8", "I14")
    def test_are_spent_once(self, race):
        race.every()

    def test_are_spent_twice_when_the_balance_is_looked_at_first(self, race):
        race.catches("~LOTS")


class TestAnOrderCancelledAndShipped:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        shop.grant(ann, 50)
        order = shop.order(ann, quantity=3, points_to_spend=50)["id"]
        shop.move(order, "assembling")

        def check(answers):
            facts = len(shop.queued(OrderShipped)), len(shop.queued(OrderCancelled))
            assert (*map(told, answers), facts, shop.points(ann)) in [
                (200, (409, "transition_not_allowed"), (0, 1), {LATER: 50}),
                ((409, "transition_not_allowed"), 200, (1, 0), {}),
            ]

        states = zip(("cancelled", "shipped"), KEYS, strict=True)
        return at_once(*[partial(shop.move, order, *to) for to in states], check=check)

    @pytest.mark.case("I11", "I12", "I14")
    def test_is_one_of_the_two(self, race):
        race.every()

    def test_is_both_when_its_state_is_looked_at_first(self, race):
        race.catches("ORDER#", "PRODUCT#")


class TestAnOrderCancelledByItsCustomer:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        shop.grant(ann, 50)
        self.order = shop.order(ann, quantity=3, points_to_spend=50)["id"]
        cancel = partial(shop.cancel, ann, self.order, KEYS[0])
        return lambda other, check: at_once(cancel, other, check=check)

    @pytest.mark.case("I11", "I12", "I14")
    def test_while_the_staff_begins_is_cancelled_or_begun(self, race, shop, ann):
        """Whoever packs may be stopped by the staff only."""

        def check(answers):
            assert (*map(told, answers), shop.points(ann)) in [
                (200, (409, "transition_not_allowed"), {LATER: 50}),
                ((409, "transition_not_allowed"), 200, {}),
            ]

        race(partial(shop.move, self.order, "assembling", KEYS[0]), check).every()

    @pytest.mark.case("I11", "I12", "I14")
    def test_and_by_the_staff_gives_back_once(self, race, shop, ann):
        def check(answers):
            assert sorted(map(told, answers), key=str) == [(409, "transition_not_allowed"), 200]
            assert (shop.on_shelf("TEA-1"), shop.points(ann)) == ((10, 0), {LATER: 50})

        both = race(partial(shop.move, self.order, "cancelled", KEYS[0]), check)
        both.every()
        both.catches("ORDER#")


class TestACartLeftAlone:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann, monkeypatch):
        """Two minutes' ticks at once; a single shard leaves fewer orders to go through."""
        monkeypatch.setattr("common.timers.SHARDS", 1)
        shop.put(ann, "TEA-1")
        cloud.clock.advance(hours=3)
        tick = {"source": "aws.events", "detail": {}}

        def check(answers):
            assert answers == [{}, {}]
            assert len(shop.queued(CartAbandoned)) == 1

        return at_once(*[partial(cloud.invoke, "OrdersConsumer", tick)] * 2, check=check)

    @pytest.mark.case("E11")
    def test_is_told_of_once(self, race):
        race.every()

    def test_is_told_of_twice_when_it_is_looked_at_first(self, race, monkeypatch):
        """Unless the event's id derived from the cart's version: that alone would do, too."""
        monkeypatch.setattr(ids, "derived", lambda cause, rule: ids.new(clock.now()))
        race.catches("TIMER#", "CART")


def test_a_stale_read_is_decided_anew(shop, ann, between):
    """The index may lag behind: what the agent wants is still allowed, so it happens."""
    order = shop.order(ann)
    between("Query", lambda: shop.move(order["id"], "assembling"))

    answer = shop.move(order["id"], "cancelled")

    assert (answer.status, answer.body["state"]) == (200, "cancelled")
