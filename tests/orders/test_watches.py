"""Alerts: who watches a product is told once of a lower price, or that it is there again."""

import pytest

from auth import tokens
from common import clock
from common.access import Role
from common.events.catalogue import (
    PriceDropped,
    WatchedBackInStock,
    WatchedPriceDropped,
    WatchersLeft,
)
from orders.watches import consumer, store
from shop import Shop as Walk

PROBLEM = "urn:kabinet:problem:"


@pytest.fixture
def watch(cloud, shop):
    def watch(who, kind, sku, method="PUT"):
        return cloud.call(method, f"/v1/alerts/{kind}/{sku}", token=shop.token(who))

    return watch


@pytest.fixture
def manage(cloud, shop):
    """Change TEA-1 or another product as the manager, a minute later."""

    def manage(method, path, body):
        cloud.clock.advance(minutes=1)
        with cloud.acting("AuthApi"):
            manager = shop.manager.id, shop.manager.session_id, Role.MANAGER
            token = tokens.access_token(*manager, clock.now())
        answer = cloud.call(method, f"/v1/staff/products/{path}", body, token=token)
        assert answer.status == 200, answer.body

    return manage


@pytest.fixture
def reprice(cloud, manage):
    """Change the price of TEA-1, and let everybody hear of it."""

    def reprice(price_minor):
        manage("PATCH", "TEA-1", {"price_minor": price_minor})
        cloud.drain()

    return reprice


@pytest.fixture
def dropped(shop, manage):
    """The news of a lower price, on its way."""

    def dropped():
        manage("PATCH", "TEA-1", {"price_minor": 90_000})
        [news] = shop.queued(PriceDropped)
        return news

    return dropped


def told(cloud, kind):
    return [(event.customer_id, event.sku) for event in cloud.published(kind)]


@pytest.mark.feature(46)
def test_a_lower_price_is_told_to_whoever_watches_it(cloud, shop, ann, bob, watch, reprice):
    assert watch(ann, "price-drop", "TEA-1").status == 200
    watch(bob, "price-drop", "TEA-2")

    reprice(90_000)

    [event] = cloud.published(WatchedPriceDropped)
    assert (event.customer_id, event.old_minor, event.new_minor) == (ann.id, 100_000, 90_000)


@pytest.mark.feature(46)
def test_each_drop_is_told_once_and_only_below_the_price_of_the_first_day(
    cloud, ann, watch, reprice
):
    watch(ann, "price-drop", "TEA-1")
    for price_minor in (90_000, 120_000, 110_000, 80_000):
        reprice(price_minor)

    assert [e.new_minor for e in cloud.published(WatchedPriceDropped)] == [90_000, 80_000]


@pytest.mark.case("E1", "E8")
def test_news_that_come_again_tell_nobody_twice(cloud, ann, bob, watch, reprice):
    watch(ann, "price-drop", "TEA-1")
    reprice(90_000)
    [news] = cloud.published(PriceDropped)

    cloud.publish(news, news)
    cloud.clock.advance(days=30)
    watch(bob, "price-drop", "TEA-1")
    cloud.publish(news)

    assert told(cloud, WatchedPriceDropped) == [(ann.id, "TEA-1")]


@pytest.mark.case("E2")
def test_late_news_of_a_price_that_went_up_again_tell_nobody(cloud, ann, watch, reprice):
    reprice(90_000)
    [news] = cloud.published(PriceDropped)
    reprice(100_000)
    watch(ann, "price-drop", "TEA-1")

    late = news.model_copy(update={"subject_version": 9})
    cloud.clock.advance(minutes=1)
    cloud.publish(late)

    assert told(cloud, WatchedPriceDropped) == []


@pytest.mark.feature(47)
def test_back_in_stock_is_told_once_and_the_watch_ends(cloud, shop, ann, watch, manage):
    shop.stock(shop.product("TEA-9", available=0))
    assert watch(ann, "back-in-stock", "TEA-9").status == 200

    shop.opening["TEA-9"] = 5
    manage("PUT", "TEA-9/stock", {"places": {"main": 5}, "reason": "delivery"})
    cloud.drain()

    assert told(cloud, WatchedBackInStock) == [(ann.id, "TEA-9")]
    assert cloud.call("GET", "/v1/alerts", token=shop.token(ann)).body["items"] == []
    assert not [row for row in cloud.items("OrdersTable") if row["pk"].startswith("WATCHED#")]


@pytest.mark.feature(28, 47)
def test_of_what_is_in_stock_there_is_nothing_to_wait_for(ann, watch):
    refused = watch(ann, "back-in-stock", "TEA-1")

    assert (refused.status, refused.body["type"]) == (409, PROBLEM + "in_stock")
    assert watch(ann, "price-drop", "NO-SUCH").status == 404
    assert watch(ann, "shoe-size", "TEA-1").status == 422


def test_an_alert_is_set_once_and_ends(cloud, shop, ann, watch, reprice):
    first, second = (watch(ann, "price-drop", "TEA-1") for _ in range(2))
    assert first.body == second.body
    assert len(cloud.call("GET", "/v1/alerts", token=shop.token(ann)).body["items"]) == 1

    for _ in range(2):
        assert watch(ann, "price-drop", "TEA-1", "DELETE").status == 204
    reprice(90_000)
    assert told(cloud, WatchedPriceDropped) == []


@pytest.mark.case("V13")
def test_there_is_an_end_to_what_can_be_watched(ann, watch, monkeypatch):
    monkeypatch.setattr(store, "MOST_WATCHES", 1)
    assert watch(ann, "price-drop", "TEA-1").status == 200
    refused = watch(ann, "price-drop", "TEA-2")
    assert (refused.status, refused.body["type"]) == (409, PROBLEM + "too_many_alerts")

    watch(ann, "price-drop", "TEA-1", "DELETE")
    assert watch(ann, "price-drop", "TEA-2").status == 200


@pytest.mark.feature(46)
def test_many_watchers_are_told_page_by_page_through_the_queue(cloud, watch, reprice, monkeypatch):
    monkeypatch.setattr(consumer, "PAGE", 2)
    monkeypatch.setattr(consumer, "PAGES_AT_ONCE", 2)
    people = [cloud.customer() for _ in range(9)]
    for one in people:
        watch(one, "price-drop", "TEA-1")

    reprice(90_000)

    assert sorted(told(cloud, WatchedPriceDropped)) == sorted((p.id, "TEA-1") for p in people)
    assert len(cloud.published(WatchersLeft)) == 2


def test_a_page_of_watchers_takes_three_round_trips(cloud, ann, bob, watch, dropped, deliver):
    for one in (ann, bob):
        watch(one, "price-drop", "TEA-1")
    tell = deliver("OrdersConsumer", dropped())

    with cloud.counted() as calls:
        tell()

    assert calls.trips == ["dynamodb.GetItem", "dynamodb.Query", "dynamodb.TransactWriteItems"]


class TestOneDropDeliveredTwiceAtOnce:
    @pytest.fixture
    def race(self, at_once, shop, ann, watch, dropped, deliver):
        watch(ann, "price-drop", "TEA-1")
        news = dropped()

        def check(_):
            assert len(shop.queued(WatchedPriceDropped)) == 1

        return at_once(*[deliver("OrdersConsumer", news)] * 2, check=check)

    @pytest.mark.case("E1")
    def test_tells_once(self, race):
        race.every()


@pytest.mark.feature(46, 79)
def test_who_watches_has_asked_for_the_letter_and_can_withdraw(cloud, shop, watch, reprice):
    ann = Walk(cloud).customer()
    watch(ann, "price-drop", "TEA-1")
    reprice(90_000)
    [letter] = cloud.letters
    assert letter.subject == "It costs less now: Product TEA-1"
    assert "900" in letter.text

    body = {"topics": [{"topic": "alerts", "email": True, "sms": False, "consent": False}]}
    assert cloud.call("PUT", "/v1/preferences", body, token=shop.token(ann)).status == 200
    reprice(80_000)
    assert len(cloud.letters) == 1


class TestWhatWaitedForTheMorning:
    """It is night in Moscow when the price falls; by the morning it may be another."""

    @pytest.fixture
    def night(self, cloud, shop, watch, reprice):
        ann = Walk(cloud).customer()
        watch(ann, "price-drop", "TEA-1")
        cloud.drain()
        cloud.clock.advance(hours=11)
        reprice(90_000)
        assert cloud.letters == []
        return ann

    @pytest.fixture
    def morning(self, cloud):
        def come():
            cloud.clock.advance(hours=11)
            cloud.tick()
            cloud.drain()

        return come

    @pytest.mark.feature(46)
    def test_is_sent_while_it_is_true(self, cloud, night, morning):
        morning()

        assert [x.subject for x in cloud.letters] == ["It costs less now: Product TEA-1"]

    @pytest.mark.feature(46)
    def test_is_not_sent_when_the_price_went_up_again(self, cloud, shop, night, morning, reprice):
        reprice(100_000)
        morning()

        assert cloud.letters == []
        token = shop.token(night)
        [kept] = cloud.call("GET", "/v1/inbox", token=token, language="en").body["items"]
        shown = cloud.call("GET", f"/v1/inbox/{kept['id']}", token=token, language="en").body
        assert (shown["state"], shown["reason"]) == ("suppressed", "lapsed")
        assert shown["why"] == "Not sent: when it was to go, it was not so any longer."
