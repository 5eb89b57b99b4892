"""Goods of an order that came to nothing are told of as back in stock, if they were the last."""

import pytest

from common.events.catalogue import BackInStock, WatchedBackInStock

pytestmark = pytest.mark.feature(47)


@pytest.fixture
def last(shop, ann):
    """An order of the last two of a thing; its id."""
    shop.stock(shop.product("RARE", 50_000, 2))
    return shop.order(ann, "RARE", 2)["id"]


def test_whoever_waits_hears_of_what_a_cancelled_order_gives_back(cloud, shop, ann, bob, last):
    watched = cloud.call("PUT", "/v1/alerts/back-in-stock/RARE", token=shop.token(bob))
    assert watched.status == 200
    cloud.clock.advance(minutes=1)
    assert shop.cancel(ann, last).status == 200
    cloud.drain()

    [told] = cloud.published(WatchedBackInStock)
    assert (told.customer_id, told.sku) == (bob.id, "RARE")
    assert [news.available for news in cloud.published(BackInStock)] == [2]


def test_what_was_there_all_the_time_is_no_news(cloud, shop, ann):
    order_id = shop.order(ann, "TEA-1", 2)["id"]
    shop.cancel(ann, order_id)
    cloud.drain()
    assert cloud.published(BackInStock) == []


@pytest.mark.case("E1")
def test_what_was_sold_meanwhile_is_no_news(cloud, shop, ann, bob, last):
    shop.cancel(ann, last)
    shop.order(bob, "RARE", 2)
    cloud.drain()
    assert cloud.published(BackInStock) == []
