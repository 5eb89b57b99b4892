"""What the sweep does to accounting documents."""

from cloud import Person
from common import clock, ids
from scenarios.declared import reads, sample, scenario, with_cart
from shop import Shop
from sweep import Act


def ordered(shop: Shop, sku: str = "TEA-1", **more: object) -> tuple[Person, str]:
    """A customer, and their order with its invoice."""
    person = with_cart(shop)
    return person, shop.order(person, sku, **more)


def again(shop: Shop, name: str, person: Person, **about: object) -> Act:
    """Another event like the frozen one, about what there is here."""
    now = clock.now()
    known = {"id": ids.new(now), "occurred_at": now.isoformat(), "customer_id": person.id}
    event = sample(name, **known, **about)
    return lambda: shop.cloud.publish(event)


def of_order(name: str, **more: object) -> None:
    """One document more, for an event of an order."""

    def prepare(shop: Shop) -> Act:
        person, order = ordered(shop, **more)
        return again(shop, name, person, order_id=order)

    scenario("OrdersDocumentsConsumer", name)(prepare)


for name in ("orders.order_placed.v1", "orders.order_delivered.v1", "orders.refund_made.v1"):
    of_order(name)
of_order("orders.order_paid.v1", payment="card")


@scenario("OrdersDocumentsConsumer", "orders.order_claimed.v1")
def a_guest_is_known(shop: Shop) -> Act:
    _, order = ordered(shop)
    return again(shop, "orders.order_claimed.v1", shop.customer(), order_id=order)


@scenario("OrdersDocumentsConsumer", "orders.statement_requested.v1")
def a_statement_is_made(shop: Shop) -> Act:
    person = shop.customer()
    shop.ask(person, "POST", "/v1/wallet/top-ups", {"amount_minor": 10_000, "method": "card"})
    today = clock.now().date().isoformat()
    return again(shop, "orders.statement_requested.v1", person, first=today, last=today)


@scenario("OrdersDocumentsApi", "POST /v1/documents/statements")
def asking_for_a_statement(shop: Shop) -> Act:
    body = {"first": "2026-01-01", "last": "2026-03-31"}
    return shop.asking(shop.customer(), "POST", "/v1/documents/statements", body)


@scenario("OrdersDocumentsApi", "POST /v1/documents/{document_id}/link")
def making_a_link(shop: Shop) -> Act:
    person, _ = ordered(shop)
    return shop.asking(person, "POST", f"/v1/documents/{a_document(shop, person)}/link", {})


def a_document(shop: Shop, person: Person) -> str:
    return str(shop.ask(person, "GET", "/v1/documents")["items"][0]["id"])


def of_an_order(shop: Shop) -> str:
    return f"{shop.order(shop.people['customer'])}/documents"


def of_a_customer(shop: Shop) -> str:
    return f"{shop.people['customer'].id}/documents"


def one_link(shop: Shop) -> str:
    person = shop.people["customer"]
    shop.order(person)
    return f"{a_document(shop, person)}/link"


reads("OrdersDocumentsApi", "GET /v1/documents", "customer")
reads("OrdersDocumentsApi", "GET /v1/orders/{order_id}/documents", "customer", of_an_order)
STAFF = "/v1/staff/customers/{customer_id}/documents"
reads("OrdersDocumentsApi", f"GET {STAFF}", "agent", of_a_customer)
reads("OrdersDocumentsApi", "GET /v1/staff/documents/{document_id}/link", "agent", one_link)
