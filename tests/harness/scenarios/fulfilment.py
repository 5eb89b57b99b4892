"""What the sweep does to orders on their way, and to what comes back."""

from cloud import Person
from common import clock, ledger, table
from scenarios.declared import CUSTOMER, reads, sample, scenario, with_cart
from scenarios.payments import minutes
from shop import Shop, product
from sweep import Act


def on_its_way(shop: Shop) -> tuple[str, str]:
    """Two customers' orders in one parcel."""
    first, second = shop.order(with_cart(shop)), shop.order(shop.customer())
    for order in (first, second):
        shop.move(order, "assembling", "shipped")
    return first, second


@scenario("OrdersApi", "POST /v1/carriers/{carrier}/events")
def hearing_of_a_parcel(shop: Shop) -> Act:
    on_its_way(shop)
    return shop.hearing("RU1", "in_transit")


@scenario("OrdersApi", "POST /v1/carriers/{carrier}/events: it is there")
def hearing_of_the_last_parcel(shop: Shop) -> Act:
    on_its_way(shop)
    return shop.hearing("RU1", "delivered")


@scenario("OrdersConsumer", "timer of an order that is over")
def completing(shop: Shop) -> Act:
    shop.move(on_its_way(shop)[0], "delivered")
    shop.cloud.drain()
    shop.cloud.clock.advance(days=16)
    return minutes(shop, 2)


@scenario("OrdersApi", "POST /v1/orders/{order_id}/reorder")
def buying_again(shop: Shop) -> Act:
    person = with_cart(shop)
    order = shop.order(person)
    shop.stock(product("TEA-1", 90_000))
    shop.fill_cart(person, "TEA-2")
    return shop.asking(person, "POST", f"/v1/orders/{order}/reorder")


def with_goods(shop: Shop) -> tuple[Person, str]:
    """A customer, and their order that was delivered and paid with points too."""
    person = with_cart(shop)
    shop.grant(person, 500)
    order = shop.order(person, points=300)
    shop.move(order, "assembling", "shipped", "delivered")
    shop.cloud.drain()
    return person, order


def a_return(shop: Shop, reason: str = "changed_mind") -> tuple[Person, str]:
    """A customer, and the return of one piece that they asked for."""
    person, order = with_goods(shop)
    return person, shop.giving_back(person, order, reason)


@scenario("OrdersReturnsApi", "POST /v1/return-previews")
def previewing(shop: Shop) -> Act:
    person, order = with_goods(shop)
    lines = [{"sku": "TEA-1", "quantity": 1, "reason": "defect"}]
    body = {"order_id": order, "lines": lines}
    return shop.asking(person, "POST", "/v1/return-previews", body)


@scenario("OrdersReturnsApi", "POST /v1/returns")
def asking_for_a_return(shop: Shop) -> Act:
    person, order = with_goods(shop)
    body = {"preview_id": shop.preview(person, order)["preview_id"], "comment": "Sorry"}
    return shop.asking(person, "POST", "/v1/returns", body)


@scenario("OrdersReturnsApi", "POST /v1/returns/{return_id}/withdraw")
def withdrawing(shop: Shop) -> Act:
    person, given = a_return(shop)
    return shop.asking(person, "POST", f"/v1/returns/{given}/withdraw")


@scenario("OrdersReturnsApi", "POST /v1/staff/returns/{return_id}/decision")
def approving(shop: Shop) -> Act:
    _, given = a_return(shop)
    path = f"/v1/staff/returns/{given}/decision"
    return shop.asking(shop.staff("agent"), "POST", path, {"decision": "approved"})


@scenario("OrdersReturnsApi", "POST /v1/staff/returns/{return_id}/decision: of what never came")
def making_up_for_a_shortage(shop: Shop) -> Act:
    _, given = a_return(shop, "shortage")
    path = f"/v1/staff/returns/{given}/decision"
    return shop.asking(shop.staff("agent"), "POST", path, {"decision": "approved"})


@scenario("OrdersReturnsApi", "POST /v1/staff/returns/{return_id}/receipt")
def receiving(shop: Shop) -> Act:
    _, given = a_return(shop)
    path = f"/v1/staff/returns/{given}"
    agent = shop.staff("agent")
    shop.ask(agent, "POST", f"{path}/decision", {"decision": "approved"})
    body = {"lines": [{"sku": "TEA-1", "restocked": 1, "scrapped": 0}]}
    return shop.asking(agent, "POST", f"{path}/receipt", body)


@scenario("OrdersApi", "POST /v1/staff/orders/{order_id}/failure")
def failing(shop: Shop) -> Act:
    _, order = with_goods(shop)
    return shop.asking(shop.staff("agent"), "POST", f"/v1/staff/orders/{order}/failure")


@scenario("LoyaltyConsumer", "orders.return_refunded.v1")
def taking_points_back(shop: Shop) -> Act:
    told = sample("orders.return_refunded.v1")
    with shop.cloud.acting("OrdersApi"):
        lots = {"2030-01-01": 15, "2030-02-01": 15}
        legs = ledger.transfer("shop:points:issued", ledger.points_of(CUSTOMER), lots)
        paid = ledger.accrual_of(told.order_id)
        table.commit(*ledger.post(ledger.Posting(paid, "accrual", clock.now(), legs)))
    return lambda: shop.cloud.publish(told)


def of_the_customer(shop: Shop) -> str:
    order = shop.order(shop.people["customer"])
    shop.move(order, "assembling", "shipped", "delivered")
    return shop.giving_back(shop.people["customer"], order)


reads("OrdersReturnsApi", "GET /v1/returns", "customer")
reads("OrdersReturnsApi", "GET /v1/returns/{return_id}", "customer", of_the_customer)
reads("OrdersReturnsApi", "GET /v1/staff/returns", "agent")
reads("OrdersReturnsApi", "GET /v1/staff/returns/{return_id}", "agent", of_the_customer)
