"""What the sweep does to promo codes."""

from cloud import Person
from scenarios.auth import LIMITS
from scenarios.declared import reads, sample, scenario, with_cart
from scenarios.orders import VERSION
from shop import CHECKOUT, Shop, product
from sweep import Act

CODE = "TEA-10"


def offered(shop: Shop) -> Person:
    """A customer with a cart, and a code whose uses are counted in all and each customer's."""
    shop.offer(CODE, most_uses=5, per_customer=2)
    return with_cart(shop)


def used(shop: Shop) -> Person:
    person = offered(shop)
    shop.ask(person, "PUT", "/v1/cart/coupon", {"code": CODE})
    return person


def of_the_shop(shop: Shop) -> str:
    shop.offer(CODE)
    return CODE


reads("LoyaltyApi", "GET /v1/staff/coupons", "agent")
reads("LoyaltyApi", "GET /v1/staff/coupons/{code}", "agent", of_the_shop)


@scenario("LoyaltyApi", "PUT /v1/staff/coupons/{code}")
def offering(shop: Shop) -> Act:
    path = f"/v1/staff/coupons/{CODE}"
    return shop.asking(shop.staff("manager"), "PUT", path, {"percent": 10})


@scenario("OrdersConsumer", "loyalty.coupon_rules_changed.v1: fewer uses")
def hearing_of_fewer(shop: Shop) -> Act:
    shop.offer(CODE, most_uses=5)
    told = sample("loyalty.coupon_rules_changed.v1", subject_version=2, coupon=CODE, most_uses=3)
    return lambda: shop.cloud.publish(told)


@scenario("OrdersApi", "PUT /v1/cart/coupon", VERSION, LIMITS)
def trying(shop: Shop) -> Act:
    return shop.asking(offered(shop), "PUT", "/v1/cart/coupon", {"code": CODE})


@scenario("OrdersApi", "PUT /v1/cart/coupon: a guest's", VERSION, LIMITS)
def trying_as_a_guest(shop: Shop) -> Act:
    shop.offer(CODE)
    shop.stock(product("TEA-1"))
    guest = shop.cloud.guest()
    shop.fill_cart(guest)
    return shop.asking(guest, "PUT", "/v1/cart/coupon", {"code": CODE})


@scenario("OrdersApi", "DELETE /v1/cart/coupon")
def letting_go(shop: Shop) -> Act:
    return shop.asking(used(shop), "DELETE", "/v1/cart/coupon")


@scenario("OrdersApi", "GET /v1/cart: with a code")
def looking(shop: Shop) -> Act:
    return shop.asking(used(shop), "GET", "/v1/cart")


@scenario("OrdersApi", "POST /v1/checkout: with a code")
def checking_out(shop: Shop) -> Act:
    return shop.asking(used(shop), "POST", "/v1/checkout", CHECKOUT)


@scenario("OrdersApi", "POST /v1/orders/{order_id}/cancel: with a code")
def calling_off(shop: Shop) -> Act:
    person = used(shop)
    order = shop.ask(person, "POST", "/v1/checkout", CHECKOUT)["id"]
    shop.cloud.drain()
    return shop.asking(person, "POST", f"/v1/orders/{order}/cancel")
