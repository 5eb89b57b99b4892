"""What the sweep does to imports of products."""

import feeds
from common.events.imports import ImportStarted
from scenarios.auth import LIMITS
from scenarios.declared import ACTED, LOST, RESENT, by_queue, reads, scenario
from shop import Shop, product
from sweep import Accepted, Act

API, CONSUMER = "OrdersCatalogueApi", "OrdersImportsConsumer"
ROUTE = "/v1/staff/imports"
FILE = feeds.table("OOLONG-1", "OOLONG-2", "no sku")

BEGUN = Accepted(
    "an import whose form got lost is begun anew, and the first waits for a file in vain",
    calls="dynamodb.TransactWriteItems",
    faults=(*LOST, RESENT),
    lines=('+ *Table {*"awaiting_file"*',),
)


def imports(shop: Shop) -> feeds.Imports:
    made = feeds.Imports(shop.cloud, shop.staff("manager"))
    made.category()
    return made


def done(shop: Shop) -> str:
    """An import that is over, and has a report."""
    shop.stock(product("TEA-1"))
    return str(imports(shop).run(b"sku,price\nTEA-1,ten\n")["id"])


def read(shop: Shop) -> str:
    """An import whose only part is next to be written."""
    import_id = imports(shop).begun(FILE)
    with shop.cloud.holding(CONSUMER) as held:
        shop.cloud.drain()
        held.clear()
        shop.cloud.invoke(CONSUMER, by_queue(feeds.started(import_id)))
        shop.cloud.drain()
        held.clear()
    return import_id


@scenario(API, f"POST {ROUTE}", LIMITS, BEGUN, ACTED)
def beginning_an_import(shop: Shop) -> Act:
    return shop.asking(shop.staff("manager"), "POST", ROUTE, {"format": "csv"})


@scenario(API, f"POST {ROUTE}/{{import_id}}/start")
def starting_an_import(shop: Shop) -> Act:
    path = f"{ROUTE}/{imports(shop).sent(FILE)}/start"
    return shop.asking(shop.staff("manager"), "POST", path)


@scenario(API, f"POST {ROUTE}/{{import_id}}/cancel")
def cancelling_an_import(shop: Shop) -> Act:
    path = f"{ROUTE}/{imports(shop).sent(FILE)}/cancel"
    return shop.asking(shop.staff("manager"), "POST", path)


@scenario(CONSUMER, ImportStarted.name)
def reading_a_file(shop: Shop) -> Act:
    import_id = imports(shop).begun(FILE)
    with shop.cloud.holding(CONSUMER) as held:
        shop.cloud.drain()
        held.clear()
    return lambda: shop.cloud.publish(feeds.started(import_id))


@scenario(CONSUMER, "orders.import_advanced.v1")
def writing_a_part(shop: Shop) -> Act:
    import_id = read(shop)
    return lambda: shop.cloud.publish(feeds.advanced(import_id, 0))


reads(API, f"GET {ROUTE}/{{import_id}}", "manager", done)
reads(API, f"GET {ROUTE}/{{import_id}}/report", "manager", lambda shop: f"{done(shop)}/report")
