"""What the sweep does to proofs: each letter whose claim is proven before it goes, and is so."""

from cloud import Person
from orders.cart import store as carts
from orders.watches import store as watches
from orders.watches.watch import Kind, Watch
from scenarios.declared import sample, scenario, with_cart
from scenarios.orders import SINCE
from shop import Shop, product
from sweep import Act

DUE = "notify.message_due.v1"


def asked(shop: Shop, person: Person, letter: str, **claim: object) -> Act:
    """notify asks whether what *letter* says to *person* still is so."""
    told = sample(DUE, customer_id=person.id, letter=letter, claim=claim)
    return lambda: shop.cloud.publish(told)


@scenario("OrdersConsumer", DUE)
def of_a_cart(shop: Shop) -> Act:
    person = with_cart(shop)
    with shop.cloud.acting("OrdersConsumer"):
        cart_id = carts.find(person.id).id
    return asked(shop, person, "orders.cart_abandoned.v1", cart_id=cart_id)


@scenario("OrdersConsumer", f"{DUE}: a lower price")
def of_a_price(shop: Shop) -> Act:
    person, claim = with_cart(shop), {"sku": "TEA-1", "new_minor": 100_000}
    return asked(shop, person, "orders.watched_price_dropped.v1", **claim)


@scenario("OrdersConsumer", f"{DUE}: what is there again")
def of_stock(shop: Shop) -> Act:
    return asked(shop, with_cart(shop), "orders.watched_back_in_stock.v1", sku="TEA-1")


@scenario("OrdersConsumer", f"{DUE}: a review")
def of_a_review(shop: Shop) -> Act:
    person = with_cart(shop)
    return asked(shop, person, "orders.review_wanted.v1", order_id=shop.deliver(person))


@scenario("OrdersConsumer", f"{DUE}: what goes with an order")
def of_a_suggestion(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.consent(person)
    return asked(shop, person, "orders.complement_suggested.v1", sku="TEA-2")


@scenario("OrdersConsumer", "orders.back_in_stock.v1")
def coming_back(shop: Shop) -> Act:
    """Two wait for what the sample's news says is there."""
    shop.stock(product("TEA-1"))
    for _ in range(2):
        waiting = shop.customer()
        with shop.cloud.acting("OrdersWishesApi"):
            watches.begin(Watch(waiting.id, Kind.STOCK, "TEA-1", 45_000, SINCE))
    shop.cloud.drain()
    return lambda: shop.cloud.publish(sample("orders.back_in_stock.v1", sku="TEA-1"))
