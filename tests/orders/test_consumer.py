import pytest

from common.events.orders import CartAbandoned


def timers(cloud):
    return [row for row in cloud.items("OrdersTable") if row["pk"].startswith("TIMER#")]


def sweep(cloud):
    cloud.invoke("OrdersConsumer", {"source": "aws.events", "detail": {}})


@pytest.mark.case("E11")
def test_a_cart_left_for_two_hours_is_told_of_once(cloud, shop, ann):
    shop.put(ann, "TEA-1", 2)
    cloud.clock.advance(minutes=119)
    cloud.tick()
    assert cloud.published(CartAbandoned) == []

    cloud.clock.advance(minutes=1)
    cloud.tick()
    cloud.tick()

    [event] = cloud.published(CartAbandoned)
    assert (event.customer_id, event.total_minor, event.currency) == (ann.id, 229_900, "RUB")
    [line] = event.lines
    assert (line.sku, line.name_ru, line.quantity) == ("TEA-1", "Товар TEA-1", 2)
    assert line.total_minor == 200_000
    assert timers(cloud) == []


@pytest.mark.case("E11")
def test_a_schedule_that_is_a_day_late_tells_once(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    cloud.clock.advance(days=1)

    sweep(cloud)
    sweep(cloud)

    assert len(shop.queued(CartAbandoned)) == 1


def test_a_cart_that_changed_is_looked_at_again_two_hours_after_the_change(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    cloud.clock.advance(minutes=90)
    shop.put(ann, "TEA-2")
    cloud.clock.advance(minutes=30)
    sweep(cloud)
    assert (shop.queued(CartAbandoned), len(timers(cloud))) == ([], 1)

    cloud.clock.advance(minutes=90)
    sweep(cloud)
    [event] = shop.queued(CartAbandoned)
    assert len(event.lines) == 2


@pytest.mark.case("E11")
def test_a_cart_that_changes_while_its_timer_fires_is_left_alone(cloud, shop, ann, between):
    shop.put(ann, "TEA-1")
    cloud.clock.advance(hours=2)
    between("GetItem", lambda: shop.put(ann, "TEA-2"))

    sweep(cloud)

    assert shop.queued(CartAbandoned) == []
    assert len(timers(cloud)) == 1


def test_a_cart_that_was_bought_is_not_abandoned(cloud, shop, ann):
    shop.order(ann)
    cloud.clock.advance(hours=3)
    sweep(cloud)

    assert (shop.queued(CartAbandoned), timers(cloud)) == ([], [])


def test_the_next_cart_is_watched_by_a_timer_of_its_own(cloud, shop, ann):
    shop.order(ann)
    cloud.clock.advance(minutes=60)
    shop.put(ann, "TEA-2")
    cloud.clock.advance(minutes=60)
    sweep(cloud)
    assert (shop.queued(CartAbandoned), len(timers(cloud))) == ([], 1)

    cloud.clock.advance(minutes=60)
    sweep(cloud)
    [event] = shop.queued(CartAbandoned)
    assert [line.sku for line in event.lines] == ["TEA-2"]


def test_an_empty_cart_is_nothing_to_tell_and_is_watched_again_later(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    cloud.call("DELETE", "/v1/cart/lines/TEA-1", token=ann.token)
    cloud.clock.advance(hours=2)
    sweep(cloud)
    assert (shop.queued(CartAbandoned), timers(cloud)) == ([], [])

    shop.put(ann, "TEA-1")
    assert len(timers(cloud)) == 1


def test_a_cart_taken_up_again_after_its_letter_is_watched_again(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    cloud.clock.advance(hours=2)
    sweep(cloud)
    cloud.clock.advance(minutes=9)
    shop.put(ann, "TEA-1", 2)
    cloud.clock.advance(hours=2)
    sweep(cloud)

    first, second = shop.queued(CartAbandoned)
    assert first.cart_id == second.cart_id
    assert first.id != second.id
