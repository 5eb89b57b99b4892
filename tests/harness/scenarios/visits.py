"""What the sweep does to visits and recommendations."""

from cloud import Person
from scenarios.declared import scenario, with_cart
from scenarios.orders import VERSION
from scenarios.reviews import bought
from shop import Shop
from sweep import SCHEDULE, Act


def remembered(shop: Shop) -> Person:
    """Somebody who lets the shop remember what they look at, and has looked at TEA-1."""
    person = with_cart(shop)
    shop.consent(person)
    shop.ask(person, "PUT", "/v1/visits/products/TEA-1")
    return person


@scenario("OrdersReviewsApi", "PUT /v1/visits/products/{sku}")
def looking(shop: Shop) -> Act:
    return shop.asking(remembered(shop), "PUT", "/v1/visits/products/TEA-2")


@scenario("OrdersReviewsApi", "PUT /v1/visits/searches", VERSION)
def searching(shop: Shop) -> Act:
    return shop.asking(remembered(shop), "PUT", "/v1/visits/searches", {"words": "tea"})


@scenario("OrdersReviewsApi", "PUT /v1/visits/keeping")
def pausing(shop: Shop) -> Act:
    return shop.asking(remembered(shop), "PUT", "/v1/visits/keeping", {"on": False})


@scenario("OrdersReviewsApi", "PUT /v1/visits/keeping: a guest's")
def agreeing_as_a_guest(shop: Shop) -> Act:
    return shop.asking(shop.cloud.guest(), "PUT", "/v1/visits/keeping", {"on": True})


@scenario("OrdersReviewsApi", "DELETE /v1/visits")
def forgetting(shop: Shop) -> Act:
    return shop.asking(remembered(shop), "DELETE", "/v1/visits")


@scenario("OrdersReviewsApi", "POST /v1/visits/merge")
def joining(shop: Shop) -> Act:
    person, guest = remembered(shop), shop.cloud.guest()
    shop.ask(guest, "PUT", "/v1/visits/keeping", {"on": True})
    shop.ask(guest, "PUT", "/v1/visits/products/TEA-2")
    return shop.asking(person, "POST", "/v1/visits/merge", {"guest_token": guest.token})


def shown(route: str) -> None:
    @scenario("OrdersReviewsApi", route)
    def asked(shop: Shop) -> Act:
        path = route.removeprefix("GET ").replace("{sku}", "TEA-1")
        return shop.asking(remembered(shop), "GET", path)


shown("GET /v1/visits")
shown("GET /v1/products/{sku}/related")
shown("GET /v1/recommendations")
shown("GET /v1/recommendations/cart")


@scenario("OrdersConsumer", "auth.consent_changed.v1")
def withdrawing(shop: Shop) -> Act:
    person = remembered(shop)
    body = {"given": False, "text_version": 1}
    withdraw = shop.asking(person, "PUT", "/v1/me/consents/personalisation", body)
    withdraw()
    return shop.cloud.drain


@scenario("OrdersConsumer", "timer of a complement")
def suggesting(shop: Shop) -> Act:
    """Two others bought TEA-2 with it."""
    person = bought(shop)
    shop.consent(person)
    for _ in range(2):
        other = shop.customer()
        shop.fill_cart(other, "TEA-1", 1)
        shop.deliver(other, "TEA-2")
    shop.cloud.clock.advance(days=15)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes
