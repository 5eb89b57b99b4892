"""One purchase from registration to points and letters, over HTTP, as a customer makes it.

`make journey` prints every request and answer; the tests walk the same path.
"""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from local import clock, demo, examples, http, outbox, stack
from local.console import Trouble, plain, say
from local.stack import Person, Stack

PATIENCE_SECONDS = 60
LONGEST_SHOWN = 900
PASSWORD = "a long and happy walk"  # noqa: S105
LETTERS = (
    "auth.customer_registered.v1",
    "orders.order_placed.v1",
    "orders.order_assembling.v1",
    "orders.order_shipped.v1",
    "orders.order_delivered.v1",
    "loyalty.points_accrued.v1",
)
SUMMARY = "/v1/staff/insights/summary"
DEMO_LETTERS = 2  # the demo customer's code and welcome
ABANDONED_AFTER = timedelta(hours=2, minutes=5)
MOSCOW, AWAKE = ZoneInfo("Europe/Moscow"), (9, 21)  # outside marketing waits
REMINDERS = examples.BODIES["PUT /v1/preferences"]

type Tell = Callable[[str], None]


class Visitor:
    """Somebody who speaks to the shop: holds a token, tells what is said."""

    def __init__(self, running: Stack, tell: Tell) -> None:
        self.running = running
        self.tell = tell
        self.token: str | None = None

    def ask(
        self, verb: str, path: str, body: object = None, expect: int = 200, key: str | None = None
    ) -> dict[str, Any]:
        """One request; Trouble when the status is not the expected one."""
        headers = {"Accept-Language": "en"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        answer = http.send(verb, self.running["api_url"] + path, body, headers)
        self.tell(f"  {verb} {path}{shown(body)}")
        self.tell(f"    {answer.status}{shown(answer.body)}")
        return answer.expect(expect)

    def post(self, path: str, body: object, expect: int = 201) -> dict[str, Any]:
        return self.ask("POST", path, body, expect, key=str(uuid4()))

    def sign_in(self, person: Person) -> None:
        body = {"login": person["login"], "password": person["password"]}
        self.token = self.ask("POST", "/v1/auth/sign-in", body)["access_token"]

    def quietly(self, path: str) -> dict[str, Any]:
        """A request of somebody who looks again and again: told once it is worth it."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        return http.send("GET", self.running["api_url"] + path, None, headers).expect(200)


def walk(running: Stack, tell: Tell) -> dict[str, Any]:
    """The whole path; Trouble where the shop does not do what it should.

    Returns what was seen, for tests to look at: customer_id, found, order, loyalty, inbox, ticket,
    summary before and after.
    """
    customer, agent = Visitor(running, tell), Visitor(running, tell)
    agent.sign_in(running["agent"])
    seen: dict[str, Any] = {"before": settled(agent)}
    address = f"walker-{uuid4().hex[:10]}@example.com"
    seen |= register(customer, address)
    seen["found"] = look_around(customer)
    fill_cart(customer)
    seen["order"] = place_order(customer)
    deliver(agent, seen["order"])
    seen["loyalty"] = collect_points(customer)
    seen["second_order"] = spend_points(customer)
    seen["inbox"] = read_letters(customer, address)
    seen["ticket"] = ask_for_help(customer, agent, seen["order"])
    leave_cart(customer, address)
    agent.sign_in(running["agent"])
    seen["after"] = count(agent, seen["before"])
    return seen


def settled(agent: Visitor) -> dict[str, Any]:
    """The counts, once the demo customer's own registration and its letters are in them."""

    def in_it() -> bool:
        totals = agent.quietly(SUMMARY)["totals"]
        return bool(totals["registrations"] >= 1 and totals["letters"] >= DEMO_LETTERS)

    until("the demo shop's counts", in_it)
    return agent.quietly(SUMMARY)


def register(customer: Visitor, address: str) -> dict[str, Any]:
    customer.tell("1. Somebody registers; a letter brings the code.")
    body = {"email": address, "password": PASSWORD}
    registration = customer.ask("POST", "/v1/auth/registrations", body, 202)["registration_id"]
    code = demo.code_from_letter(customer.running, address, seen=0)
    confirm = f"/v1/auth/registrations/{registration}/confirm"
    tokens = customer.ask("POST", confirm, {"code": code}, 201)
    customer.token = tokens["access_token"]
    return {"customer_id": tokens["customer_id"], "refresh_token": tokens["refresh_token"]}


def look_around(customer: Visitor) -> dict[str, Any]:
    customer.tell("2. The customer looks around and fills the cart.")
    path = "/v1/search/products?query=sencha%20tea&limit=3"
    until("the catalogue in the search", lambda: bool(customer.quietly(path)["items"]))
    return customer.ask("GET", path)


def fill_cart(customer: Visitor) -> None:
    products = [p for p in catalogue(customer) if p["stock"]["state"] == "in_stock"]
    for product in products[:2]:
        customer.ask("PUT", f"/v1/cart/lines/{product['sku']}", {"quantity": 2})
    customer.ask("GET", "/v1/cart")


def catalogue(customer: Visitor) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = customer.ask("GET", "/v1/products?limit=20")["items"]
    return items


def place_order(customer: Visitor) -> dict[str, Any]:
    customer.tell("3. The order is placed; the same call again is the same order.")
    body = {"delivery": DELIVERY, "payment": "cash_on_delivery"}
    key = str(uuid4())
    first = customer.ask("POST", "/v1/checkout", body, 201, key)
    if customer.ask("POST", "/v1/checkout", body, 201, key) != first:
        raise Trouble("the same call was answered differently")
    return customer.ask("GET", f"/v1/orders/{first['id']}")


DELIVERY = {
    "recipient": "Anna Walker",
    "phone": "+79991234567",
    "address": "Moscow, Tverskaya 1, apt. 5",
}


def deliver(agent: Visitor, order: dict[str, Any]) -> None:
    agent.tell("4. An agent moves the order on.")
    path = f"/v1/staff/orders/{order['id']}/transitions"
    agent.post(path, {"to": "assembling"}, 200)
    agent.post(path, {"to": "shipped", "tracking_number": "RU123456789"}, 200)
    agent.post(path, {"to": "delivered"}, 200)


def collect_points(customer: Visitor) -> dict[str, Any]:
    customer.tell("5. Points arrive for the delivered order, and the next tier is nearer.")
    until("points", lambda: customer.quietly("/v1/loyalty")["available"] > 0)
    customer.ask("GET", "/v1/loyalty/tier")
    return customer.ask("GET", "/v1/loyalty")


def spend_points(customer: Visitor) -> dict[str, Any]:
    customer.tell("6. A promo code and points make the next order cheaper.")
    sku = catalogue(customer)[0]["sku"]
    customer.ask("PUT", f"/v1/cart/lines/{sku}", {"quantity": 1})
    customer.ask("PUT", "/v1/cart/coupon", {"code": demo.PROMO_CODE})
    points = min(10, customer.quietly("/v1/loyalty")["available"])
    body = {"delivery": DELIVERY, "payment": "cash_on_delivery", "points_to_spend": points}
    return customer.post("/v1/checkout", body)


def read_letters(customer: Visitor, address: str) -> dict[str, Any]:
    customer.tell("7. Letters are in the inbox and in the mail.")

    def arrived() -> bool:
        inbox = customer.quietly("/v1/inbox")["items"]
        return set(LETTERS) <= {message["letter"] for message in inbox}

    until("letters in the inbox", arrived)
    inbox = customer.ask("GET", "/v1/inbox")
    until("letters by mail", lambda: len(mailed(customer, address)) > len(LETTERS))
    for letter in reversed(mailed(customer, address)):
        customer.tell(f"    letter: {letter.subject}")
    return inbox


def ask_for_help(customer: Visitor, agent: Visitor, order: dict[str, Any]) -> dict[str, Any]:
    customer.tell("8. The customer asks about the order; the agent answers.")
    question = {
        "subject": "One piece came damaged",
        "text": "Hello! One of the two was broken in its box. What can we do?",
        "category": "order",
        "order_id": order["id"],
    }
    ticket = customer.post("/v1/tickets", question)["id"]
    answer = {"text": "Hello, Anna! A new one is on its way, at no cost. Sorry for that."}
    agent.post(f"/v1/staff/tickets/{ticket}/messages", answer)
    until(
        "the letter about the answer",
        lambda: (
            "support.ticket_answered.v1"
            in {message["letter"] for message in customer.quietly("/v1/inbox")["items"]}
        ),
    )
    return customer.ask("GET", f"/v1/tickets/{ticket}")


def leave_cart(customer: Visitor, address: str) -> None:
    customer.tell("9. The customer agrees to reminders; a cart is left alone, and a letter comes.")
    customer.ask("PUT", "/v1/preferences", REMINDERS)
    sku = catalogue(customer)[1]["sku"]
    customer.ask("PUT", f"/v1/cart/lines/{sku}", {"quantity": 1})
    before = len(mailed(customer, address))
    offset = clock.advance(customer.running, until_awake(clock.shop_time(customer.running)))
    customer.tell(f"    (the local clock is now {offset} ahead)")
    until("the letter about the cart", lambda: len(mailed(customer, address)) > before)
    customer.tell(f"    letter: {mailed(customer, address)[0].subject}")


def until_awake(at: datetime) -> timedelta:
    """Until the cart has been left alone, and it is no hour of the night in Moscow."""
    later = at.astimezone(MOSCOW) + ABANDONED_AFTER
    if AWAKE[0] <= later.hour < AWAKE[1]:
        return ABANDONED_AFTER
    morning = later.replace(hour=AWAKE[0] + 1) + timedelta(days=later.hour >= AWAKE[1])
    return ABANDONED_AFTER + (morning - later)


def count(agent: Visitor, before: dict[str, Any]) -> dict[str, Any]:
    agent.tell("10. Insights counted what happened.")

    def grown() -> bool:
        now = agent.quietly(SUMMARY)["totals"]
        return all(now[name] > before["totals"][name] for name in COUNTED)

    until("the counts", grown)
    return agent.ask("GET", SUMMARY)


COUNTED = ("registrations", "orders", "revenue_minor", "points_accrued", "letters", "tickets")


def mailed(customer: Visitor, address: str) -> list[outbox.Message]:
    """The letters that reached *address*, newest first."""
    return demo.letters(customer.running, address)


def until(what: str, holds: Callable[[], bool]) -> None:
    """Wait for what happens beside the request; Trouble when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise Trouble(f"{what}: nothing came within {PATIENCE_SECONDS} s")
        time.sleep(0.3)


def shown(body: object) -> str:
    """A body on one line; tokens and long lists cut short."""
    if body in (None, {}):
        return ""
    text = json.dumps(body, ensure_ascii=False)
    text = re.sub(r'("(?:access|refresh)_token": ")([^"]{12})[^"]*', r"\1\2…", text)
    return " " + (text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


if __name__ == "__main__":
    with plain():
        walk(stack.current(), say)
        say("The whole way through: done.")
