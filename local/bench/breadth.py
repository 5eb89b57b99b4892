"""What the path leaves out: one product, a search, a quote, carts of other sizes, ten watchers."""

from dataclasses import replace
from itertools import batched
from typing import Any

from common import clock, ids, table
from common.access import Caller, Role
from common.events.auth import ContactChanged
from local.bench.goods import product
from local.bench.walk import Walk
from local.examples import orders
from orders.cart import store as carts
from orders.catalogue import store as catalogue

FIRST, MOST_LINES, WATCHERS = 100, 60, 10
AT_ONCE = 20
TOLD = "orders.price_dropped.v1"


def show(walk: Walk, customer: str, checkout: dict[str, Any]) -> None:
    """Steps of *customer*, whose cart has one line, and of strangers."""
    manager = walk.cloud.staff("manager").token
    with walk.apart():
        _stock(walk, manager)
    _look(walk)
    _quote(walk, customer)
    for lines in (1, 10, MOST_LINES):
        _buy(walk, customer, checkout, lines)
    _watch(walk, manager)


def _stock(walk: Walk, manager: str) -> None:
    for numbers in batched(range(FIRST, FIRST + MOST_LINES), AT_ONCE, strict=True):
        goods = {"products": list(map(product, numbers))}
        walk.post(None, "/v1/staff/products/imports", goods, manager)


def _look(walk: Walk) -> None:
    walk.ask("/v1/products/{sku}", "GET", "/v1/products/TEA-1")
    # The first one fetches the index, which the next ones find in memory.
    for row in (None, "/v1/search/products, 20 found by a word with a typo"):
        walk.ask(row, "GET", "/v1/search/products", query={"query": "листвой"})


def _quote(walk: Walk, customer: str) -> None:
    body = orders.BODIES["POST /v1/delivery-quotes"]
    walk.ask("/v1/delivery-quotes", "POST", "/v1/delivery-quotes", body, token=customer)


def _buy(walk: Walk, customer: str, checkout: dict[str, Any], lines: int) -> None:
    if lines > 1:
        _fill(walk, customer, lines)
    named = f"{lines} line{'s' if lines > 1 else ''}"
    walk.post(f"/v1/checkout, {named}", "/v1/checkout", checkout, customer)


def _fill(walk: Walk, customer: str, lines: int) -> None:
    """All at once: sixty requests take as long as the rest of the path."""
    id_ = walk.ask(None, "GET", "/v1/me", token=customer)["id"]
    skus, now = [f"TEA-{FIRST + number}" for number in range(lines)], clock.now()
    with walk.cloud.acting("OrdersApi"):
        cart = carts.find(id_)
        chosen = [cart.line_of(p, 1, now) for p in catalogue.find_many(skus).values()]
        full = replace(cart, lines=tuple(chosen))
        table.commit(*carts.filled(Caller(id_, "", Role.CUSTOMER), full, now))


def _watch(walk: Walk, manager: str) -> None:
    """Ten customers are told of a lower price, each by a letter."""
    watching = "/v1/alerts/price-drop/{sku}"
    with walk.apart():
        people = [_reached(walk) for _ in range(WATCHERS)]
    for token in people:
        walk.ask(watching, "PUT", watching.format(sku="TEA-1"), token=token)
    walk.extents = {TOLD: f", {WATCHERS} watchers"}
    row = "/v1/staff/products/{sku}, a lower price"
    walk.ask(row, "PATCH", "/v1/staff/products/TEA-1", {"price_minor": 90_000}, token=manager)


def _reached(walk: Walk) -> str:
    """The token of somebody with an address for letters."""
    person = walk.cloud.customer()
    known = {"id": ids.new(clock.now()), "occurred_at": clock.now(), "customer_id": person.id}
    where = {"email": "kim@example.com", "language": "en", "time_zone": "Europe/Moscow"}
    walk.cloud.publish(ContactChanged(**known, **where, subject_version=1))
    return str(person.token)
