"""What the sweep does to orders."""

from datetime import UTC, datetime

from cloud import Person
from local.examples import orders
from orders.watches import store as watches
from orders.watches.watch import Kind, Watch
from scenarios.declared import (
    ACTED,
    EMAIL,
    LOST,
    RESENT,
    reads,
    sample,
    scenario,
    with_cart,
)
from shop import ADDRESS, CHECKOUT, Shop, product
from sweep import SCHEDULE, Accepted, Act

VERSION = Accepted(
    "a change whose answer was lost is made anew: the same cart, one version on",
    calls="dynamodb.*",
    faults=(*LOST, RESENT),
    attributes=("version",),
)

GONE = Accepted(
    "what was deleted, though nobody heard of it, is not there any longer",
    calls="dynamodb.TransactWriteItems",
    faults=(*LOST, RESENT),
    answers=("*404*",),
)

# Before the news that the samples tell.
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
BODIES = orders.BODIES
PLACE = BODIES["POST /v1/delivery-quotes"]["address"]
RATES = BODIES["PUT /v1/staff/delivery-rates"]
POINT = BODIES["PUT /v1/staff/pickup-points/{point_id}"]


@scenario("OrdersApi", "PUT /v1/cart/lines/{sku}: the first", VERSION)
def beginning_a_cart(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    return shop.asking(shop.customer(), "PUT", "/v1/cart/lines/TEA-1", {"quantity": 2})


@scenario("OrdersApi", "PUT /v1/cart/lines/{sku}", VERSION)
def changing_a_cart(shop: Shop) -> Act:
    person = with_cart(shop)
    return shop.asking(person, "PUT", "/v1/cart/lines/TEA-2", {"quantity": 3})


@scenario("OrdersApi", "DELETE /v1/cart/lines/{sku}")
def emptying_a_cart(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "DELETE", "/v1/cart/lines/TEA-1")


@scenario("OrdersApi", "PUT /v1/cart/saved/{sku}")
def saving_for_later(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "PUT", "/v1/cart/saved/TEA-1")


@scenario("OrdersApi", "DELETE /v1/cart/saved/{sku}")
def forgetting(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.ask(person, "PUT", "/v1/cart/saved/TEA-1")
    return shop.asking(person, "DELETE", "/v1/cart/saved/TEA-1")


@scenario("OrdersApi", "PUT /v1/cart/gift", VERSION)
def wrapping(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "PUT", "/v1/cart/gift", {"wrap": True})


@scenario("OrdersApi", "DELETE /v1/cart/gift")
def unwrapping(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.ask(person, "PUT", "/v1/cart/gift", {"wrap": True})
    return shop.asking(person, "DELETE", "/v1/cart/gift")


@scenario("OrdersApi", "POST /v1/cart/merge")
def merging(shop: Shop) -> Act:
    person, guest = with_cart(shop), shop.cloud.guest()
    shop.fill_cart(guest, "TEA-1", 1)
    shop.fill_cart(guest, "TEA-2", 1)
    return shop.asking(person, "POST", "/v1/cart/merge", {"guest_token": guest.token})


@scenario("OrdersApi", "PUT /v1/cart/lines/{sku}: a guest's", VERSION)
def beginning_as_a_guest(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    return shop.asking(shop.cloud.guest(), "PUT", "/v1/cart/lines/TEA-1", {"quantity": 2})


@scenario("OrdersApi", "POST /v1/addresses")
def noting_an_address(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/addresses", ADDRESS | {"default": True})


@scenario("OrdersApi", "PATCH /v1/addresses/{address_id}", VERSION)
def moving_house(shop: Shop) -> Act:
    person = shop.customer()
    body = {"house": "2", "default": True}
    return shop.asking(person, "PATCH", f"/v1/addresses/{shop.address(person)}", body)


@scenario("OrdersApi", "DELETE /v1/addresses/{address_id}", GONE)
def forgetting_an_address(shop: Shop) -> Act:
    person = shop.customer()
    return shop.asking(person, "DELETE", f"/v1/addresses/{shop.address(person)}")


def an_address(shop: Shop) -> str:
    return shop.address(shop.people["customer"])


reads("OrdersApi", "GET /v1/addresses", "customer")
reads("OrdersApi", "GET /v1/addresses/{address_id}", "customer", an_address)


@scenario("OrdersApi", "POST /v1/checkout")
def checking_out(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "POST", "/v1/checkout", CHECKOUT)


@scenario("OrdersApi", "POST /v1/checkout: a guest's")
def checking_out_as_a_guest(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    guest = shop.cloud.guest()
    shop.fill_cart(guest)
    body = CHECKOUT | {"contact": {"email": EMAIL, "phone": "+79001234567"}}
    return shop.asking(guest, "POST", "/v1/checkout", body)


@scenario("OrdersApi", "POST /v1/checkout: a quote's")
def checking_out_by_a_quote(shop: Shop) -> Act:
    person = with_cart(shop)
    where = {"address": PLACE}
    [option] = shop.ask(person, "POST", "/v1/delivery-quotes", where)["options"]
    to = {"recipient": "Anna Kim", "quote_id": option["quote_id"]}
    return shop.asking(person, "POST", "/v1/checkout", CHECKOUT | {"delivery": to})


@scenario("OrdersApi", "POST /v1/orders/claims")
def claiming(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    shop.guest_order(EMAIL)
    person, _ = shop.register(EMAIL)
    return shop.asking(person, "POST", "/v1/orders/claims")


@scenario("OrdersApi", "POST /v1/delivery-quotes")
def quoting(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "POST", "/v1/delivery-quotes", {"address": PLACE})


@scenario("OrdersApi", "PUT /v1/staff/delivery-rates", VERSION, ACTED)
def changing_rates(shop: Shop) -> Act:
    return shop.asking(shop.staff("manager"), "PUT", "/v1/staff/delivery-rates", RATES)


@scenario("OrdersApi", "PUT /v1/staff/pickup-points/{point_id}", VERSION, ACTED)
def opening_a_point(shop: Shop) -> Act:
    return shop.asking(shop.staff("manager"), "PUT", "/v1/staff/pickup-points/arbat", POINT)


@scenario("OrdersApi", "DELETE /v1/staff/pickup-points/{point_id}", ACTED)
def closing_a_point(shop: Shop) -> Act:
    path = "/v1/staff/pickup-points/arbat"
    shop.ask(shop.staff("manager"), "PUT", path, POINT)
    return shop.asking(shop.staff("manager"), "DELETE", path)


reads("OrdersApi", "GET /v1/staff/delivery-rates", "agent")


@scenario("OrdersApi", "GET /v1/pickup-points")
def looking_for_points(shop: Shop) -> Act:
    shop.ask(shop.staff("manager"), "PUT", "/v1/staff/pickup-points/arbat", POINT)
    return lambda: shop.cloud.call("GET", "/v1/pickup-points", query={"city": "Moscow"})


@scenario("OrdersApi", "POST /v1/checkout: with points")
def paying_with_points(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.grant(person, 500)
    return shop.asking(person, "POST", "/v1/checkout", CHECKOUT | {"points_to_spend": 300})


@scenario("OrdersApi", "POST /v1/checkout: prices moved")
def meeting_new_prices(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.stock(product("TEA-1", 200_000))
    return shop.asking(person, "POST", "/v1/checkout", CHECKOUT)


@scenario("OrdersApi", "POST /v1/orders/{order_id}/cancel")
def cancelling(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.grant(person, 500)
    order = shop.order(person, points=300)
    return shop.asking(person, "POST", f"/v1/orders/{order}/cancel")


@scenario("OrdersApi", "POST /v1/staff/orders/{order_id}/transitions")
def shipping(shop: Shop) -> Act:
    order = shop.order(with_cart(shop))
    shop.move(order, "assembling")
    body = {"to": "shipped", "tracking_number": "RU1"}
    path = f"/v1/staff/orders/{order}/transitions"
    return shop.asking(shop.staff("agent"), "POST", path, body)


@scenario("OrdersWishesApi", "POST /v1/wish-lists")
def beginning_a_list(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/wish-lists", {"name": "For the new flat"})


@scenario("OrdersWishesApi", "PATCH /v1/wish-lists/{list_id}", VERSION)
def renaming_a_list(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "PATCH", path, {"name": "For the old flat"})


@scenario("OrdersWishesApi", "DELETE /v1/wish-lists/{list_id}", GONE)
def removing_a_list(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "DELETE", path)


@scenario("OrdersWishesApi", "PUT /v1/wish-lists/{list_id}/items/{sku}", VERSION)
def wishing(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "PUT", f"{path}/items/TEA-2", {"priority": "high"})


@scenario("OrdersWishesApi", "DELETE /v1/wish-lists/{list_id}/items/{sku}")
def stopping_to_wish(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "DELETE", f"{path}/items/TEA-1")


@scenario("OrdersWishesApi", "POST /v1/wish-lists/{list_id}/items/{sku}/move-to-cart")
def moving_to_the_cart(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "POST", f"{path}/items/TEA-1/move-to-cart", {"quantity": 2})


@scenario("OrdersWishesApi", "PUT /v1/wish-lists/{list_id}/link")
def sharing(shop: Shop) -> Act:
    person, path = wished(shop)
    return shop.asking(person, "PUT", f"{path}/link")


@scenario("OrdersWishesApi", "DELETE /v1/wish-lists/{list_id}/link")
def unsharing(shop: Shop) -> Act:
    person, path = wished(shop)
    shop.ask(person, "PUT", f"{path}/link")
    return shop.asking(person, "DELETE", f"{path}/link")


@scenario("OrdersWishesApi", "GET /v1/shared-wish-lists/{link}")
def following_a_link(shop: Shop) -> Act:
    person, path = wished(shop)
    link = shop.ask(person, "PUT", f"{path}/link")["link"].rpartition("/")[2]
    return shop.asking(None, "GET", f"/v1/shared-wish-lists/{link}")


@scenario("OrdersWishesApi", "PUT /v1/alerts/{alert}/{sku}")
def setting_an_alert(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "PUT", "/v1/alerts/price-drop/TEA-1")


@scenario("OrdersWishesApi", "DELETE /v1/alerts/{alert}/{sku}")
def ending_an_alert(shop: Shop) -> Act:
    person = with_cart(shop)
    shop.ask(person, "PUT", "/v1/alerts/price-drop/TEA-1")
    return shop.asking(person, "DELETE", "/v1/alerts/price-drop/TEA-1")


def wished(shop: Shop) -> tuple[Person, str]:
    """A customer with a cart, and the path of their wish list with TEA-1 in it."""
    person = with_cart(shop)
    return person, f"/v1/wish-lists/{shop.wish_list(person, 'TEA-1')}"


def watching(shop: Shop) -> None:
    """Two who wait for TEA-1 to cost less, as the samples' news has it."""
    shop.stock(product("TEA-1", 39_000))
    for _ in range(2):
        waiting = shop.customer()
        with shop.cloud.acting("OrdersWishesApi"):
            watch = Watch(waiting.id, Kind.PRICE, "TEA-1", 45_000, SINCE)
            watches.begin(watch)
    shop.cloud.drain()


@scenario("OrdersConsumer", "orders.price_dropped.v1")
def dropping_a_price(shop: Shop) -> Act:
    watching(shop)
    return lambda: shop.cloud.publish(sample("orders.price_dropped.v1"))


@scenario("OrdersConsumer", "orders.watchers_left.v1")
def going_on(shop: Shop) -> Act:
    watching(shop)
    return lambda: shop.cloud.publish(sample("orders.watchers_left.v1", after="0"))


@scenario("OrdersCatalogueApi", "POST /v1/staff/products/imports")
def importing(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    body = {"products": [product("TEA-1", 90_000), product("TEA-2")]}
    return shop.asking(shop.staff("manager"), "POST", "/v1/staff/products/imports", body)


@scenario("OrdersCatalogueApi", "POST /v1/staff/products")
def creating(shop: Shop) -> Act:
    return shop.asking(shop.staff("manager"), "POST", "/v1/staff/products", product("TEA-9"))


@scenario("OrdersCatalogueApi", "PATCH /v1/staff/products/{sku}")
def lowering_a_price(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    path = "/v1/staff/products/TEA-1"
    return shop.asking(shop.staff("manager"), "PATCH", path, {"price_minor": 90_000})


@scenario("OrdersCatalogueApi", "PUT /v1/staff/products/{sku}/stock")
def counting(shop: Shop) -> Act:
    with_cart(shop)
    body = {"places": {"main": 6, "shop": 4}, "reason": "count"}
    path = "/v1/staff/products/TEA-1/stock"
    return shop.asking(shop.staff("manager"), "PUT", path, body)


@scenario("OrdersCatalogueApi", "POST /v1/staff/products/{sku}/stock/moves")
def restocking(shop: Shop) -> Act:
    """From nothing to nothing, so that the shop holds what it held."""
    shop.stock(product("TEA-1"))
    body = {"place": "main", "change": 0, "reason": "looked"}
    path = "/v1/staff/products/TEA-1/stock/moves"
    return shop.asking(shop.staff("manager"), "POST", path, body)


@scenario("OrdersCatalogueApi", "PUT /v1/staff/categories/{category_id}")
def adding_a_category(shop: Shop) -> Act:
    body = {"name_ru": "Чай", "name_en": "Tea"}
    return shop.asking(shop.staff("manager"), "PUT", "/v1/staff/categories/tea", body)


@scenario("OrdersCatalogueApi", "DELETE /v1/staff/categories/{category_id}")
def removing_a_category(shop: Shop) -> Act:
    adding_a_category(shop)()
    return shop.asking(shop.staff("manager"), "DELETE", "/v1/staff/categories/tea")


@scenario("OrdersCatalogueApi", "PUT /v1/staff/picture-hosts", ACTED)
def allowing_pictures(shop: Shop) -> Act:
    body = {"hosts": ["pictures.example.com"]}
    return shop.asking(shop.staff("manager"), "PUT", "/v1/staff/picture-hosts", body)


BUILT_TWICE = Accepted(
    "whoever called and was not answered has it built once more: the same, one version on",
    faults=("killed before", *LOST),
    attributes=("version", "key", "previous"),
)


@scenario("OrdersSearchConsumer", "orders.product_changed.v1")
def indexing(shop: Shop) -> Act:
    for price in (100_000, 90_000, 80_000):
        shop.stock(product("TEA-1", price), product("TEA-2", price))
        shop.cloud.drain()
    path = "/v1/staff/products/TEA-1"
    cheapen = shop.asking(shop.staff("manager"), "PATCH", path, {"price_minor": 1})
    return lambda: (cheapen(), shop.cloud.drain())[1]


@scenario("OrdersSearchAdmin", "called by IAM", BUILT_TWICE)
def reindexing(shop: Shop) -> Act:
    indexing(shop)
    return lambda: shop.cloud.invoke("OrdersSearchAdmin", {})


def searching(route: str) -> None:
    @scenario("OrdersSearchApi", route)
    def asked(shop: Shop) -> Act:
        indexing(shop)
        path = route.removeprefix("GET ")
        return lambda: shop.cloud.call("GET", path, query={"query": "tea"})


searching("GET /v1/search/products")
searching("GET /v1/search/suggestions")


@scenario("OrdersSearchApi", "PUT /v1/staff/search/synonyms", ACTED)
def saying_synonyms(shop: Shop) -> Act:
    body = {"groups": [["tea", "чай"]]}
    return shop.asking(shop.staff("manager"), "PUT", "/v1/staff/search/synonyms", body)


@scenario("OrdersConsumer", "timer of a cart")
def abandoning(shop: Shop) -> Act:
    with_cart(shop)
    shop.cloud.clock.advance(hours=3)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes


def an_order(shop: Shop) -> str:
    return shop.order(shop.people["customer"])


reads("OrdersApi", "GET /v1/products", "customer")
reads("OrdersApi", "GET /v1/products/{sku}", "customer", lambda _: "TEA-1")
reads("OrdersApi", "GET /v1/categories", "customer")
reads("OrdersSearchApi", "GET /v1/staff/search/synonyms", "manager")
reads("OrdersCatalogueApi", "GET /v1/staff/products", "manager")
reads("OrdersCatalogueApi", "GET /v1/staff/products/{sku}", "manager", lambda _: "TEA-1")
reads(
    "OrdersCatalogueApi",
    "GET /v1/staff/products/{sku}/stock/moves",
    "manager",
    lambda _: "TEA-1/stock/moves",
)
reads("OrdersCatalogueApi", "GET /v1/staff/picture-hosts", "manager")
reads("OrdersApi", "GET /v1/cart", "customer")
reads("OrdersApi", "POST /v1/guest-carts", "customer")
reads("OrdersApi", "GET /v1/orders", "customer")
reads("OrdersApi", "GET /v1/orders/{order_id}", "customer", an_order)
reads("OrdersApi", "GET /v1/staff/orders", "agent")
reads("OrdersApi", "GET /v1/staff/orders/{order_id}", "agent", an_order)
reads("OrdersWishesApi", "GET /v1/wish-lists", "customer")
reads("OrdersWishesApi", "GET /v1/alerts", "customer")
reads(
    "OrdersWishesApi",
    "GET /v1/wish-lists/{list_id}",
    "customer",
    lambda shop: shop.wish_list(shop.people["customer"], "TEA-1"),
)
