"""The purchase path: what the README's table of costs has in its rows, in this order.

A new event on the path needs nothing; a new route needs one line here.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from common import clock
from local.bench import breadth
from local.bench.goods import product
from local.bench.meter import Meter
from local.bench.walk import Step, Walk, indexes
from local.examples import notify

PASSWORD = "correct horse battery"  # noqa: S105
EMAIL = "ann@example.com"
DELIVERY = {"recipient": "Anna", "phone": "+79001234567", "address": "Moscow, Arbat, 1"}
CHECKOUT = {"delivery": DELIVERY, "payment": "cash_on_delivery"}
ORDERS_SHOWN = 20
REMINDERS = notify.BODIES["PUT /v1/preferences"]


def walk(cloud: Any) -> list[Step]:
    """Every step of the path, in its order."""
    meter = Meter(indexes())
    walk = Walk(cloud, meter)
    cloud.invoke = walk.invoked
    try:
        with meter.on():
            _stock(walk)
            customer = _register(walk)
            order = _buy(walk, customer)
            _deliver(walk, order, customer)
            _spend(walk, customer)
            _ask_for_help(walk, customer, order)
            _leave_cart(walk)
            walk.settle()
            breadth.show(walk, _sign_in(walk), CHECKOUT)
    finally:
        del cloud.invoke
    return list(walk.steps.values())


def _stock(walk: Walk) -> None:
    manager = walk.cloud.staff("manager").token
    walk.post(
        None, "/v1/staff/products/imports", {"products": list(map(product, range(20)))}, manager
    )


def _register(walk: Walk) -> str:
    body = {"email": EMAIL, "password": PASSWORD}
    asked = walk.ask("/v1/auth/registrations", "POST", "/v1/auth/registrations", body)
    [code] = re.findall(r"\b\d{6}\b", walk.cloud.letters[-1].text)
    path = "/v1/auth/registrations/{}/confirm"
    at = path.format(asked["registration_id"])
    walk.ask(path.format("{id}"), "POST", at, {"code": code})
    body = {"login": EMAIL, "password": PASSWORD}
    tokens = walk.ask("/v1/auth/sign-in", "POST", "/v1/auth/sign-in", body)
    body = {"refresh_token": tokens["refresh_token"]}
    renewed = walk.ask("/v1/auth/refresh", "POST", "/v1/auth/refresh", body)
    walk.ask("/v1/me", "GET", "/v1/me", token=str(renewed["access_token"]))
    return str(renewed["access_token"])


def _buy(walk: Walk, customer: str) -> str:
    walk.ask("/v1/products, 20 of them", "GET", "/v1/products", token=customer)
    cart = "/v1/cart/lines/{sku}"
    for row, sku in ((f"{cart}, the first", "TEA-1"), (f"{cart}, another", "TEA-2")):
        walk.ask(row, "PUT", cart.format(sku=sku), {"quantity": 1}, token=customer)
    again = cart.format(sku="TEA-2")
    walk.ask(f"{cart}, other quantity", "PUT", again, {"quantity": 2}, token=customer)
    walk.ask("/v1/cart", "GET", "/v1/cart", token=customer)
    order = walk.post("/v1/checkout, 2 lines", "/v1/checkout", CHECKOUT, customer)
    return str(order["id"])


def _deliver(walk: Walk, order: str, customer: str) -> None:
    agent = walk.cloud.staff("agent").token
    walk.ask("/v1/orders/{id}", "GET", f"/v1/orders/{order}", token=customer)
    path = f"/v1/staff/orders/{order}/transitions"
    row = "/v1/staff/orders/{id}/transitions"
    walk.post(f"{row}, assembling", path, {"to": "assembling"}, agent)
    shipped = {"to": "shipped", "tracking_number": "RR123456785RU"}
    walk.post(f"{row}, shipped", path, shipped, agent)
    walk.post(f"{row}, delivered", path, {"to": "delivered"}, agent)
    walk.ask("/v1/loyalty", "GET", "/v1/loyalty", token=customer)
    walk.ask("/v1/inbox", "GET", "/v1/inbox", token=customer)


def _spend(walk: Walk, customer: str) -> None:
    body = CHECKOUT | {"points_to_spend": 10}
    for sku in ("TEA-1", "TEA-2"):
        path = f"/v1/cart/lines/{sku}"
        walk.ask(None, "PUT", path, {"quantity": 1}, token=customer)
    order = walk.post("/v1/checkout, 2 lines and points", "/v1/checkout", body, customer)
    row = "/v1/orders/{id}/cancel, with points"
    at = f"/v1/orders/{order['id']}/cancel"
    walk.ask(row, "POST", at, token=customer, key=str(uuid4()))
    _use_a_code(walk, customer)
    for _ in range(ORDERS_SHOWN - 3):
        walk.ask(None, "PUT", "/v1/cart/lines/TEA-3", {"quantity": 1}, token=customer)
        walk.post(None, "/v1/checkout", body | {"points_to_spend": 0}, customer)
    walk.ask(f"/v1/orders, {ORDERS_SHOWN} of them", "GET", "/v1/orders", token=customer)


def _use_a_code(walk: Walk, customer: str) -> None:
    """A promo code that is counted in every way."""
    manager = walk.cloud.staff("manager").token
    terms = {"percent": 10, "most_uses": 9, "per_customer": 1}
    walk.ask(None, "PUT", "/v1/staff/coupons/TEA-10", terms, token=manager)
    for sku in ("TEA-1", "TEA-2"):
        walk.ask(None, "PUT", f"/v1/cart/lines/{sku}", {"quantity": 1}, token=customer)
    code = {"code": "TEA-10"}
    walk.ask("/v1/cart/coupon", "PUT", "/v1/cart/coupon", code, token=customer)
    walk.post("/v1/checkout, 2 lines and a code", "/v1/checkout", CHECKOUT, customer)


def _ask_for_help(walk: Walk, customer: str, order: str) -> None:
    question = {"subject": "One came damaged", "text": "What can we do?", "category": "order"}
    body = question | {"order_id": order}
    ticket = walk.post("/v1/tickets", "/v1/tickets", body, customer)["id"]
    agent = walk.cloud.staff("agent").token
    path = "/v1/staff/tickets/{}/messages"
    answer = {"text": "A new one is on its way."}
    walk.post(path.format("{id}"), path.format(ticket), answer, agent)
    walk.ask("/v1/tickets/{id}", "GET", f"/v1/tickets/{ticket}", token=customer)
    owner = walk.cloud.staff("owner").token
    row = "/v1/staff/insights/summary, 30 days"
    walk.ask(row, "GET", "/v1/staff/insights/summary", token=owner)


def _sign_in(walk: Walk) -> str:
    """Once more: hours have passed."""
    body = {"login": EMAIL, "password": PASSWORD}
    return str(walk.ask(None, "POST", "/v1/auth/sign-in", body)["access_token"])


def _to_morning(now: datetime) -> float:
    """Seconds until the next day's 9:00 UTC: when the cart is recalled, it is day in Moscow."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1, hours=9) - now).total_seconds()


def _leave_cart(walk: Walk) -> None:
    """Idle minutes, and one in which a single cart has been alone for two hours."""
    walk.cloud.clock.advance(seconds=_to_morning(clock.now()))
    walk.tick(None)
    token = _sign_in(walk)
    walk.ask(None, "PUT", "/v1/preferences", REMINDERS, token=token)
    walk.tick(", nothing due")
    walk.ask(None, "PUT", "/v1/cart/lines/TEA-4", {"quantity": 1}, token=token)
    walk.cloud.clock.advance(hours=2, minutes=5)
    walk.tick(", one cart left alone")
