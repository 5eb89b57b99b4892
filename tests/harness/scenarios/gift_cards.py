"""What the sweep does to gift cards."""

from cloud import Person
from scenarios.auth import LIMITS
from scenarios.declared import reads, scenario, with_cart
from scenarios.payments import hearing, minutes
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


def cards_alone(shop: Shop, payment: str) -> str:
    """An order of nothing else, paid as far as its customer can."""
    person = with_cart(shop)
    shop.stock(product("CARD", available=None) | {"kind": "gift_card"})
    shop.ask(person, "DELETE", "/v1/cart/lines/TEA-1")
    order = shop.order(person, "CARD", 1, payment=payment, delivery=None)
    shop.ask(person, "POST", "/v1/payments", {"order_id": order, "token": "tok_ok"})
    return order


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


@scenario("OrdersConsumer", "timer of gift cards that are paid")
def handing_over(shop: Shop) -> Act:
    order = cards_alone(shop, "sbp")
    hearing(shop, order, "captured")()
    return minutes(shop)


@scenario("OrdersConsumer", "timer of money to be taken at once")
def taking_at_once(shop: Shop) -> Act:
    cards_alone(shop, "card")
    return minutes(shop)
