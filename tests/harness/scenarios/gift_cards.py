"""What the sweep does to gift cards."""

from cloud import Person
from scenarios.auth import LIMITS
from scenarios.declared import reads, scenario, with_cart
from shop import Shop, product
from sweep import Act


def ordered(shop: Shop) -> tuple[Person, str]:
    """A customer, and their order of two gift cards and of goods."""
    person = shop.people.get("customer") or with_cart(shop)
    shop.stock(product("CARD", available=None) | {"kind": "gift_card"})
    shop.fill_cart(person, "CARD", 2)
    return person, shop.order(person)


def issued(shop: Shop) -> tuple[Person, str]:
    person, order = ordered(shop)
    shop.move(order, "assembling", "shipped", "delivered")
    shop.cloud.drain()
    return person, order


def of_the_customer(shop: Shop) -> str:
    return f"{issued(shop)[1]}/gift-cards"


reads("OrdersApi", "GET /v1/orders/{order_id}/gift-cards", "customer", of_the_customer)


@scenario("OrdersConsumer", "orders.order_delivered.v1: with gift cards")
def issuing(shop: Shop) -> Act:
    _, order = ordered(shop)
    shop.move(order, "assembling", "shipped", "delivered")
    return shop.cloud.drain


@scenario("OrdersPaymentsApi", "POST /v1/wallet/gift-cards", LIMITS)
def using(shop: Shop) -> Act:
    person, order = issued(shop)
    cards = shop.ask(person, "GET", f"/v1/orders/{order}/gift-cards")["items"]
    body = {"code": cards[0]["code"]}
    return shop.asking(shop.customer(), "POST", "/v1/wallet/gift-cards", body)
