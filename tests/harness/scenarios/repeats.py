"""What the sweep does to repeat deliveries."""

from cloud import Person
from scenarios.declared import reads, scenario, with_cart
from scenarios.orders import GONE
from scenarios.payments import minutes
from shop import Shop, product
from sweep import Act


def of_the_customer(shop: Shop) -> str:
    return shop.repeat(shop.people["customer"])


reads("OrdersReviewsApi", "GET /v1/recommendations/needs", "customer")
reads("OrdersReviewsApi", "GET /v1/repeat-deliveries", "customer")
reads("OrdersReviewsApi", "GET /v1/repeat-deliveries/{repeat_id}", "customer", of_the_customer)


def keep_a_card(shop: Shop, person: Person) -> None:
    order = shop.order(person, payment="card")
    paid = {"order_id": order, "token": "tok_ok", "keep_card": True}
    shop.ask(person, "POST", "/v1/payments", paid)


@scenario("OrdersReviewsApi", "POST /v1/repeat-deliveries")
def beginning(shop: Shop) -> Act:
    person = with_cart(shop)
    wanted = shop.repeating(person, "TEA-1", "TEA-2")
    return shop.asking(person, "POST", "/v1/repeat-deliveries", wanted)


@scenario("OrdersReviewsApi", "PATCH /v1/repeat-deliveries/{repeat_id}")
def changing(shop: Shop) -> Act:
    person = with_cart(shop)
    path = f"/v1/repeat-deliveries/{shop.repeat(person)}"
    return shop.asking(person, "PATCH", path, {"every_weeks": 2})


@scenario("OrdersReviewsApi", "PUT /v1/repeat-deliveries/{repeat_id}/skip")
def skipping(shop: Shop) -> Act:
    person = with_cart(shop)
    path = f"/v1/repeat-deliveries/{shop.repeat(person)}"
    wanted = {"on": shop.ask(person, "GET", path)["next_on"]}
    return shop.asking(person, "PUT", f"{path}/skip", wanted)


@scenario("OrdersReviewsApi", "DELETE /v1/repeat-deliveries/{repeat_id}", GONE)
def ending(shop: Shop) -> Act:
    person = with_cart(shop)
    return shop.asking(person, "DELETE", f"/v1/repeat-deliveries/{shop.repeat(person)}")


@scenario("OrdersConsumer", "a minute: repeat.tell")
def telling(shop: Shop) -> Act:
    shop.repeat(with_cart(shop))
    shop.cloud.clock.advance(days=4)
    return minutes(shop)


@scenario("OrdersConsumer", "a minute: repeat.order")
def ordering(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.stock(product("TEA-4", available=1))
    shop.repeat(person, "TEA-1", "TEA-4")
    shop.order(person, "TEA-4", 1)
    shop.cloud.clock.advance(days=5)
    shop.cloud.tick()
    shop.cloud.clock.advance(days=3)
    return minutes(shop)


@scenario("OrdersConsumer", "a minute: repeat.charge")
def charging(shop: Shop) -> Act:
    """The order stands by now, and its money is to be taken."""
    person = with_cart(shop)
    keep_a_card(shop, person)
    shop.repeat(person, payment="card")
    shop.cloud.clock.advance(days=5)
    shop.cloud.tick()
    shop.cloud.clock.advance(days=3)
    return minutes(shop, 4)
