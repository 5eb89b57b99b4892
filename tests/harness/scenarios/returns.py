"""What the sweep does to photos of complaints, to exchanges, and to what nobody fetches."""

import objects
from cloud import Person
from common import clock, ledger, table
from scenarios.auth import LIMITS
from scenarios.declared import CUSTOMER, LOST, reads, sample, scenario
from scenarios.fulfilment import a_return, with_goods
from scenarios.me import LEFT_TO_EXPIRE, picture
from scenarios.payments import minutes
from shop import Shop, product
from sweep import Accepted, Act

SAME = {"sku": "TEA-1", "quantity": 1, "exchange_for": "TEA-1"}
CAME = {"lines": [{"sku": "TEA-1", "restocked": 1, "scrapped": 0}]}


def a_photo(shop: Shop, person: Person, given: str) -> str:
    """A photo that the customer has uploaded for a return; the id of the upload."""
    path = f"/v1/returns/{given}/photos/upload"
    form = shop.ask(person, "POST", path, {"content_type": "image/png"})
    assert objects.post(form["url"], form["fields"], picture())
    return str(form["upload_id"])


def show(shop: Shop, person: Person, given: str) -> None:
    """Let a photo be seen with a return."""
    body = {"upload_id": a_photo(shop, person, given), "sku": "TEA-1"}
    shop.ask(person, "POST", f"/v1/returns/{given}/photos", body)


UNSEEN_FORM = Accepted(
    "a form that nobody got awaits a photo that never comes, for a day",
    "dynamodb.PutItem",
    LOST,
    lines=('+ OrdersTable {*"sk": "PHOTO#*',),
)


@scenario("OrdersPhotosApi", "POST /v1/returns/{return_id}/photos/upload", LIMITS, UNSEEN_FORM)
def asking_for_a_form(shop: Shop) -> Act:
    person, given = a_return(shop, "defect")
    path, body = f"/v1/returns/{given}/photos/upload", {"content_type": "image/png"}
    return shop.asking(person, "POST", path, body)


@scenario("OrdersPhotosApi", "POST /v1/returns/{return_id}/photos", LEFT_TO_EXPIRE)
def showing_a_photo(shop: Shop) -> Act:
    person, given = a_return(shop, "defect")
    body = {"upload_id": a_photo(shop, person, given), "sku": "TEA-1"}
    return shop.asking(person, "POST", f"/v1/returns/{given}/photos", body)


def with_a_photo(shop: Shop) -> str:
    person = shop.people["customer"]
    order = shop.order(person)
    shop.move(order, "assembling", "shipped", "delivered")
    given = shop.giving_back(person, order, "defect")
    show(shop, person, given)
    return f"{given}/photos"


reads("OrdersPhotosApi", "GET /v1/returns/{return_id}/photos", "customer", with_a_photo)
reads("OrdersPhotosApi", "GET /v1/staff/returns/{return_id}/photos", "agent", with_a_photo)


def promised(shop: Shop, person: Person, order: str, reason: str = "defect") -> dict[str, str]:
    """What takes the promise to exchange a piece for the same."""
    body = {"order_id": order, "lines": [SAME | {"reason": reason}]}
    shown = shop.ask(person, "POST", "/v1/return-previews", body)
    return {"preview_id": shown["preview_id"]}


def exchanging(shop: Shop, reason: str = "defect") -> str:
    """An exchange that was asked for; the path of what staff do about it."""
    person, order = with_goods(shop)
    asked = shop.ask(person, "POST", "/v1/returns", promised(shop, person, order, reason))
    shop.cloud.drain()
    return f"/v1/staff/returns/{asked['id']}"


def approved(shop: Shop) -> str:
    path = exchanging(shop)
    shop.ask(shop.staff("agent"), "POST", f"{path}/decision", {"decision": "approved"})
    shop.cloud.drain()
    return path


@scenario("OrdersReturnsApi", "POST /v1/return-previews: of an exchange")
def previewing_an_exchange(shop: Shop) -> Act:
    person, order = with_goods(shop)
    body = {"order_id": order, "lines": [SAME | {"reason": "defect"}]}
    return shop.asking(person, "POST", "/v1/return-previews", body)


@scenario("OrdersReturnsApi", "POST /v1/returns: an exchange")
def asking_for_an_exchange(shop: Shop) -> Act:
    person, order = with_goods(shop)
    return shop.asking(person, "POST", "/v1/returns", promised(shop, person, order))


@scenario("OrdersReturnsApi", "POST /v1/staff/returns/{return_id}/decision: an exchange")
def approving_an_exchange(shop: Shop) -> Act:
    path = f"{exchanging(shop)}/decision"
    return shop.asking(shop.staff("agent"), "POST", path, {"decision": "approved"})


@scenario("OrdersReturnsApi", "POST /v1/staff/returns/{return_id}/receipt: an exchange")
def receiving_for_an_exchange(shop: Shop) -> Act:
    path = f"{approved(shop)}/receipt"
    return shop.asking(shop.staff("agent"), "POST", path, CAME)


@scenario("OrdersConsumer", "timer of an exchange whose goods never came")
def ending_an_exchange(shop: Shop) -> Act:
    approved(shop)
    # The wish for a review comes a week before.
    shop.cloud.clock.advance(days=7)
    minutes(shop, 2)()
    shop.cloud.drain()
    shop.cloud.clock.advance(days=7)
    return minutes(shop, 2)


@scenario("OrdersDocumentsConsumer", "orders.return_exchanged.v1")
def documenting_an_exchange(shop: Shop) -> Act:
    person, order = with_goods(shop)
    told = sample("orders.return_exchanged.v1", customer_id=person.id, order_id=order)
    return lambda: shop.cloud.publish(told)


@scenario("LoyaltyConsumer", "orders.return_exchanged.v1")
def taking_points_for_an_exchange(shop: Shop) -> Act:
    told = sample("orders.return_exchanged.v1")
    with shop.cloud.acting("OrdersApi"):
        legs = ledger.transfer("shop:points:issued", ledger.points_of(CUSTOMER), {"2030-01-01": 30})
        paid = ledger.accrual_of(told.order_id)
        table.commit(*ledger.post(ledger.Posting(paid, "accrual", clock.now(), legs)))
    return lambda: shop.cloud.publish(told)


def waiting(shop: Shop) -> str:
    """An order, ready at its point."""
    person = shop.customer()
    shop.stock(product("TEA-1"))
    order = shop.order_to_point(person)
    shop.move(order, "assembling", "shipped", "ready_for_pickup")
    shop.cloud.drain()
    return order


@scenario("OrdersConsumer", "timer of an order that waits")
def reminding(shop: Shop) -> Act:
    waiting(shop)
    shop.cloud.clock.advance(days=5)
    return minutes(shop, 2)


@scenario("OrdersConsumer", "timer of an order that nobody fetched")
def sending_back(shop: Shop) -> Act:
    waiting(shop)
    shop.cloud.clock.advance(days=5)
    minutes(shop, 2)()
    shop.cloud.drain()
    shop.cloud.clock.advance(days=2)
    return minutes(shop, 2)


@scenario("OrdersApi", "POST /v1/staff/orders/{order_id}/transitions: what nobody fetched")
def having_it_again(shop: Shop) -> Act:
    order = waiting(shop)
    shop.move(order, "uncollected")
    shop.cloud.drain()
    path = f"/v1/staff/orders/{order}/transitions"
    return shop.asking(shop.staff("agent"), "POST", path, {"to": "returned"})


def freeing(name: str) -> None:
    """An order of the last two of a thing came to nothing."""

    def prepare(shop: Shop) -> Act:
        shop.stock(product("TEA-1"), product("RARE", 50_000, 2))
        person = shop.customer()
        order = shop.order(person, "RARE")
        shop.ask(person, "POST", f"/v1/orders/{order}/cancel")
        shop.cloud.drain()
        return lambda: shop.cloud.publish(sample(name, customer_id=person.id, order_id=order))

    scenario("OrdersConsumer", name)(prepare)


for off in ("cancelled", "returned"):
    freeing(f"orders.order_{off}.v1")
