"""What the sweep does to reviews."""

from cloud import Person
from local.examples import orders
from scenarios.declared import LOST, RESENT, scenario, with_cart
from scenarios.orders import GONE
from shop import Shop
from sweep import SCHEDULE, Accepted, Act

SAID = orders.BODIES["PUT /v1/reviews/{sku}"]
ANSWER = orders.BODIES["PUT /v1/staff/reviews/{review_id}/answer"]


def bought(shop: Shop) -> Person:
    """Somebody to whom TEA-1 was delivered."""
    person = with_cart(shop)
    shop.people["customer"] = person
    shop.deliver(person)
    return person


def reviewed(shop: Shop) -> str:
    """A review that is published."""
    made = shop.review(bought(shop))
    shop.publish(made)
    return made


@scenario("OrdersReviewsApi", "PUT /v1/reviews/{sku}")
def reviewing(shop: Shop) -> Act:
    return shop.asking(bought(shop), "PUT", "/v1/reviews/TEA-1", SAID)


@scenario("OrdersReviewsApi", "PUT /v1/reviews/{sku}: anew")
def reviewing_anew(shop: Shop) -> Act:
    reviewed(shop)
    return shop.asking(shop.people["customer"], "PUT", "/v1/reviews/TEA-1", {"rating": 1})


@scenario("OrdersReviewsApi", "DELETE /v1/reviews/{sku}", GONE)
def unsaying(shop: Shop) -> Act:
    reviewed(shop)
    return shop.asking(shop.people["customer"], "DELETE", "/v1/reviews/TEA-1")


LATE = Accepted(
    "who decided and was not answered decides about a version that stands no longer",
    calls="dynamodb.TransactWriteItems",
    faults=(*LOST, RESENT),
    answers=("*409*",),
)


@scenario("OrdersReviewsApi", "PUT /v1/staff/reviews/{review_id}/decision", LATE)
def publishing(shop: Shop) -> Act:
    path = f"/v1/staff/reviews/{shop.review(bought(shop))}/decision"
    return shop.asking(shop.staff("agent"), "PUT", path, {"version": 1})


@scenario("OrdersReviewsApi", "PUT /v1/staff/reviews/{review_id}/answer")
def answering(shop: Shop) -> Act:
    path = f"/v1/staff/reviews/{reviewed(shop)}/answer"
    return shop.asking(shop.staff("agent"), "PUT", path, ANSWER)


def seen(route: str, who: str) -> None:
    @scenario("OrdersReviewsApi", route)
    def asked(shop: Shop) -> Act:
        path = route.removeprefix("GET ").replace("{sku}", "TEA-1")
        path = path.replace("{review_id}", reviewed(shop))
        person = shop.people["customer"] if who == "customer" else shop.staff(who)
        return shop.asking(person, "GET", path)


seen("GET /v1/products/{sku}/reviews", "customer")
seen("GET /v1/reviews", "customer")
seen("GET /v1/reviews/{sku}", "customer")
seen("GET /v1/staff/reviews", "agent")
seen("GET /v1/staff/reviews/{review_id}", "agent")


@scenario("OrdersConsumer", "orders.order_delivered.v1")
def delivering(shop: Shop) -> Act:
    order = shop.order(with_cart(shop))
    shop.move(order, "assembling", "shipped", "delivered")
    return lambda: shop.cloud.drain()


@scenario("OrdersConsumer", "timer of a review")
def asking_for_a_review(shop: Shop) -> Act:
    bought(shop)
    shop.cloud.clock.advance(days=8)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes
