"""Recommendations: counted once an order, and never what cannot be bought."""

from datetime import UTC, datetime, timedelta

import pytest

from common import clock
from common.events.catalogue import ComplementSuggested
from common.events.orders import OrderDelivered
from common.language import Text
from orders.cart.cart import MOST_LINES
from orders.catalogue.product import Kind, Product
from orders.recommendations import counts, ranking, store
from orders.recommendations.counts import Counts
from shop import Shop as Walk
from shop import product

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.feature(48)


@pytest.fixture
def walk(cloud):
    """A shop of teas, a cup that is dearer, and a service."""
    walk = Walk(cloud)
    walk.stock(
        product("TEA-1"),
        product("TEA-2", 50_000),
        product("TEA-3", 60_000),
        product("CUP-1", 120_000),
        product("WRAP", 29_000, None),
    )
    return walk


@pytest.fixture
def buy(walk):
    """Let *who* be delivered an order of *skus*."""

    def buy(who, *skus):
        for sku in skus[1:]:
            walk.fill_cart(who, sku, 1)
        return walk.deliver(who, skus[0])

    return buy


@pytest.fixture
def bought_together(walk, buy):
    """Two orders each of TEA-1 with TEA-2, and of TEA-1 with TEA-3 and WRAP."""

    def orders():
        for skus in (("TEA-1", "TEA-2"), ("TEA-1", "TEA-3", "WRAP")):
            for _ in range(2):
                buy(walk.customer(), *skus)

    return orders


def skus(products):
    return [product["sku"] for product in products]


def ask(walk, who, path=""):
    return walk.ask(who, "GET", f"/v1/recommendations{path}")


def related(walk, sku):
    return walk.ask(None, "GET", f"/v1/products/{sku}/related")


def test_what_was_bought_together_is_related(walk, buy, bought_together):
    bought_together()
    buy(walk.customer(), "TEA-1", "TEA-2")

    assert skus(related(walk, "TEA-1")["together"]) == ["TEA-2", "TEA-3", "WRAP"]
    assert skus(related(walk, "TEA-2")["together"]) == ["TEA-1"]


def test_one_order_alone_recommends_nothing(walk, buy):
    buy(walk.customer(), "TEA-1", "TEA-2")

    assert related(walk, "TEA-1")["together"] == []


@pytest.mark.feature(28)
def test_what_cannot_be_bought_is_recommended_nowhere(cloud, walk, bought_together):
    bought_together()
    manager = walk.staff("manager")
    stock = {"places": {"main": 0}, "reason": "count"}
    walk.ask(manager, "PUT", "/v1/staff/products/TEA-2/stock", stock)
    walk.ask(manager, "PATCH", "/v1/staff/products/TEA-3", {"archived": True})
    walk.ask(manager, "PATCH", "/v1/staff/products/CUP-1", {"early_access_tier": "gold"})
    ann = walk.customer()
    walk.fill_cart(ann, "TEA-1", 1)

    shown = [related(walk, "TEA-1"), ask(walk, ann), ask(walk, ann, "/cart")]

    assert not {"TEA-2", "TEA-3", "CUP-1"} & {
        sku
        for one in shown
        for name in one
        if isinstance(one[name], list)
        for sku in skus(one[name])
    }
    assert skus(related(walk, "TEA-1")["together"]) == ["WRAP"]


def test_a_product_that_is_not_sold_has_nothing_related(cloud, walk):
    assert cloud.call("GET", "/v1/products/NO-SUCH/related").status == 404


def test_without_consent_everybody_is_shown_what_is_bought_most(walk, bought_together, buy):
    bought_together()
    ann = walk.customer()
    buy(ann, "CUP-1")
    for who in (ann, walk.cloud.guest()):
        shown = ask(walk, who)
        assert (shown["personal"], shown["again"]) == (False, [])
        assert skus(shown["for_you"])[0] == "TEA-1"
        assert "CUP-1" in skus(shown["for_you"])


def test_with_consent_it_goes_by_what_one_bought_and_looked_at(walk, bought_together, buy):
    bought_together()
    ann = walk.customer()
    buy(ann, "TEA-2")
    walk.consent(ann)

    shown = ask(walk, ann)
    assert (shown["personal"], skus(shown["again"])) == (True, ["TEA-2"])
    assert skus(shown["for_you"])[0] == "TEA-1"
    assert "TEA-2" not in skus(shown["for_you"])

    walk.ask(ann, "PUT", "/v1/visits/products/CUP-1")
    walk.ask(ann, "PUT", "/v1/visits/searches", {"words": "tea", "found": ["TEA-3"]})
    assert {"CUP-1", "TEA-3"} < set(skus(ask(walk, ann)["for_you"]))

    walk.consent(ann, given=False)
    assert ask(walk, ann)["personal"] is False


@pytest.mark.feature(49)
def test_the_cart_shows_what_goes_with_it_and_what_is_a_little_better(walk, bought_together):
    bought_together()
    ann = walk.customer()
    assert ask(walk, ann, "/cart") == {"together": [], "instead_of": None, "instead": []}
    walk.fill_cart(ann, "TEA-1", 1)
    walk.fill_cart(ann, "TEA-2", 1)

    shown = ask(walk, ann, "/cart")

    assert skus(shown["together"]) == ["TEA-3", "WRAP"]
    assert (shown["instead_of"], skus(shown["instead"])) == ("TEA-1", ["CUP-1"])


@pytest.mark.case("E1", "E8")
def test_an_order_counts_once_however_often_it_is_told(cloud, walk, buy):
    buy(walk.customer(), "TEA-1", "TEA-2")
    [told] = cloud.published(OrderDelivered)

    cloud.publish(told, told)

    assert counted(cloud) == {"TEA-1": {"TEA-2": 1}, "TEA-2": {"TEA-1": 1}}


def counted(cloud):
    rows = [row for row in cloud.items("OrdersTable") if row["pk"].startswith("TOGETHER#")]
    return {row["pk"].partition("#")[2]: row["products"] for row in rows}


def test_what_is_counted_knows_no_customer(cloud, walk, buy):
    ann = walk.customer()
    order = buy(ann, "TEA-1", "TEA-2")

    rows = [r for r in cloud.items("OrdersTable") if r["pk"].startswith(("TOGETHER#", "POPULAR#"))]
    assert rows
    assert not {ann.id, order} & set(str(rows).split("'"))


class TestTheReminder:
    """Who bought TEA-1 is reminded a fortnight later of what goes with it."""

    @pytest.fixture
    def ann(self, walk, bought_together):
        bought_together()
        ann = walk.customer()
        walk.consent(ann)
        walk.agree(ann, "promotions")
        return ann

    @pytest.fixture
    def pass_days(self, cloud):
        def come(days, **more):
            cloud.clock.advance(days=days, **more)
            cloud.tick()
            cloud.drain()

        return come

    def reminders(self, cloud):
        return [x.subject for x in cloud.letters if "Goes with" in x.subject]

    @pytest.mark.feature(51)
    def test_comes_after_a_fortnight_once(self, cloud, ann, buy, pass_days):
        buy(ann, "TEA-1")
        pass_days(13)
        assert self.reminders(cloud) == []

        pass_days(2)
        pass_days(7)

        [subject] = self.reminders(cloud)
        assert subject.endswith(": TEA-2")

    @pytest.mark.feature(51)
    def test_is_of_something_that_one_does_not_have(self, cloud, ann, buy, pass_days):
        buy(ann, "TEA-2")
        buy(ann, "TEA-1")
        pass_days(15)

        assert "TEA-2" not in {told.sku for told in cloud.published(ComplementSuggested)}
        assert [told.sku for told in cloud.published(ComplementSuggested)] == ["TEA-3"]

    @pytest.mark.case("N1")
    @pytest.mark.feature(51)
    def test_needs_both_consents(self, cloud, walk, ann, buy, pass_days):
        buy(ann, "TEA-1")
        silent = walk.customer()
        walk.agree(silent, "promotions")
        buy(silent, "TEA-1")
        walk.consent(ann, given=False)
        pass_days(15)

        assert cloud.published(ComplementSuggested) == []

    @pytest.mark.feature(51)
    def test_that_waited_for_the_morning_is_dropped_once_it_is_sold_out(
        self, cloud, walk, ann, buy, pass_days
    ):
        buy(ann, "TEA-1")
        pass_days(14, hours=11)  # night in Moscow
        assert len(cloud.published(ComplementSuggested)) == 1
        walk.people.pop("manager")
        stock = {"places": {"main": 0}, "reason": "count"}
        walk.ask(walk.staff("manager"), "PUT", "/v1/staff/products/TEA-2/stock", stock)
        pass_days(0, hours=11)

        assert self.reminders(cloud) == []


class TestTwoOrdersOfTheSameAtOnce:
    @pytest.fixture
    def race(self, at_once, cloud, walk, deliver):
        orders = [self.placed(walk) for _ in range(2)]
        for order in orders:
            walk.move(order, "assembling", "shipped", "delivered")
        rows = [r for r in cloud.items("OrdersTable") if r.get("name") == OrderDelivered.name]
        told = [OrderDelivered.model_validate_json(row["detail"]) for row in rows]

        def check(_):
            assert counted(cloud) == {"TEA-1": {"TEA-2": 2}, "TEA-2": {"TEA-1": 2}}

        return at_once(*[deliver("OrdersConsumer", news) for news in told], check=check)

    def placed(self, walk):
        """An order of both teas."""
        who = walk.customer()
        walk.fill_cart(who, "TEA-2", 1)
        return walk.order(who, "TEA-1", 1)

    @pytest.mark.case("I14")
    def test_are_both_counted(self, race):
        race.every()

    def test_are_one_when_the_counts_are_looked_at_first(self, race):
        race.catches("TOGETHER#", "POPULAR#")


def test_counts_are_bounded_and_keep_what_is_bought_often():
    found = Counts()
    for n in range(500):
        found = found.counting([f"RARE-{n}", *(["OFTEN"] if n % 5 == 0 else [])])

    assert len(found.products) == counts.MOST_KEPT
    assert found.orders == 500
    assert found.products["OFTEN"] >= 100
    assert max(found.products, key=found.products.__getitem__) == "OFTEN"


def test_the_longest_order_is_counted_in_one_transaction():
    """Its mark, that its customer is there, two timers, counts, the shop's count, and its lines."""
    assert 1 + 1 + 2 + store.MOST_LINES + 1 + MOST_LINES <= 100


def tea(sku, price_minor=1_000, **more):
    name = Text(ru=sku, en=sku)
    return Product(sku, "tea", Kind.GOOD, name, name, price_minor, 5, **more)


def test_alike_is_what_costs_alike_and_is_no_variant():
    own = tea("OWN", group="own")
    others = [own, tea("VARIANT", group="own"), tea("FAR", 9_000), tea("NEAR", 1_100)]

    assert ranking.similar(own, others) == ["NEAR", "FAR"]


def test_better_is_a_little_dearer_and_variants_come_first():
    own = tea("OWN", group="own")
    others = [tea("LESS", 900), tea("MORE", 1_200), tea("FAR", 1_600), tea("V", 1_500, group="own")]

    assert ranking.upgrades(own, [own, *others]) == ["V", "MORE"]


def test_recommending_takes_five_round_trips_at_most(cloud, walk, bought_together):
    bought_together()
    ann = walk.customer()
    walk.consent(ann)
    walk.ask(ann, "PUT", "/v1/visits/products/TEA-2")

    for path, trips in (("", 4), ("/cart", 1)):
        with cloud.counted() as calls:
            ask(walk, ann, path)
        assert len(calls.trips) <= trips, calls.trips


@pytest.mark.feature(52)
class TestNeeds:
    @pytest.fixture
    def anna(self, walk):
        person = walk.customer()
        walk.consent(person)
        return person

    def bought(self, walk, who, times, days):
        for _ in range(times):
            walk.deliver(walk.again(who), "TEA-1")
            walk.cloud.clock.advance(days=days)
            walk.people.clear()  # nobody's token lives so long

    def needs(self, walk, who):
        return ask(walk, walk.again(who), "/needs")

    def test_the_next_need_is_told_by_the_customers_own_rhythm(self, walk, anna):
        with walk.cloud.acting("OrdersReviewsApi"):
            first = clock.today()
        self.bought(walk, anna, times=3, days=15)

        [need] = self.needs(walk, anna)["needs"]
        assert need["product"]["sku"] == "TEA-1"
        assert need["due_on"] == (first + timedelta(days=45)).isoformat()
        assert need["every_weeks"] == 2

    def test_twice_may_be_chance(self, walk, anna):
        self.bought(walk, anna, times=2, days=15)

        assert self.needs(walk, anna)["needs"] == []

    def test_what_was_bought_in_parts_on_one_day_is_no_rhythm(self, walk, anna):
        self.bought(walk, anna, times=3, days=0.1)

        assert self.needs(walk, anna)["needs"] == []

    def test_nobodys_purchases_are_looked_at_without_consent(self, walk):
        silent = walk.customer()
        self.bought(walk, silent, times=3, days=15)

        assert self.needs(walk, silent) == {"personal": False, "needs": []}
