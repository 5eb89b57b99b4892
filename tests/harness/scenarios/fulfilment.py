"""What the sweep does to orders on their way, and to what comes back."""

from scenarios.declared import scenario, with_cart
from scenarios.payments import minutes
from shop import Shop, product
from sweep import Act


def on_its_way(shop: Shop) -> tuple[str, str]:
    """Two customers' orders in one parcel."""
    first, second = shop.order(with_cart(shop)), shop.order(shop.customer())
    for order in (first, second):
        shop.move(order, "assembling", "shipped")
    return first, second


@scenario("OrdersApi", "POST /v1/carriers/{carrier}/events")
def hearing_of_a_parcel(shop: Shop) -> Act:
    on_its_way(shop)
    return shop.hearing("RU1", "in_transit")


@scenario("OrdersApi", "POST /v1/carriers/{carrier}/events: it is there")
def hearing_of_the_last_parcel(shop: Shop) -> Act:
    on_its_way(shop)
    return shop.hearing("RU1", "delivered")


@scenario("OrdersConsumer", "timer of an order that is over")
def completing(shop: Shop) -> Act:
    shop.move(on_its_way(shop)[0], "delivered")
    shop.cloud.drain()
    shop.cloud.clock.advance(days=16)
    return minutes(shop, 2)


@scenario("OrdersApi", "POST /v1/orders/{order_id}/reorder")
def buying_again(shop: Shop) -> Act:
    person = with_cart(shop)
    order = shop.order(person)
    shop.stock(product("TEA-1", 90_000))
    shop.fill_cart(person, "TEA-2")
    return shop.asking(person, "POST", f"/v1/orders/{order}/reorder")
