"""What the fault sweep does to each function: one short declaration a route or event.

A function declares what prepares the world and returns what is called, again after a fault.
Consumers are swept with the frozen sample of every event that their rule lets through, relays
with an event in their outbox: those need no declaration, unless the sample is not enough.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from cloud import Cloud
from common import clock, ids, outbox, sealing, table
from common.events import EVENTS, CustomerRegistered, Event, RegistrationStarted
from notify import letter
from shop import CHECKOUT, PASSWORD, QUESTION, Shop, product
from sweep import SCHEDULE, Accepted, Act, Scenario
from wiring import Function, Wiring

SAMPLES = Path(__file__).parents[1] / "samples"
CUSTOMER = "01900000-0000-7000-8000-0000000000c1"  # the one that the samples tell of
EMAIL = "anna@example.com"

LOST = ("answer lost", "killed after")
RESENT = "answer lost, sent again"

ATTEMPTS = Accepted(
    "a code tried counts before it is compared, so one whose answer was lost counts too",
    attributes=("attempts",),
)
LIMITS = Accepted("a repeated call counts again in its limits", attributes=("taken",))
STEP = Accepted("a repeated call brings the one-time code of its moment", attributes=("totp_step",))
VERSION = Accepted(
    "a change whose answer was lost is made anew: the same cart, one version on",
    calls="dynamodb.*",
    faults=(*LOST, RESENT),
    attributes=("version",),
)
HIRED = Accepted(
    "the secrets of staff are shown once: who did not see them hires under another address",
    calls="dynamodb.TransactWriteItems",
    faults=LOST,
    answers=("*has an account already*",),
)
PROVEN = "tokens are stored nowhere: who lost them signs in, for the account exists"
PROVEN_UNTOLD = Accepted(
    PROVEN, "dynamodb.TransactWriteItems", LOST, answers=("*registration_over*",)
)
PROVEN_UNSIGNED = Accepted(PROVEN, "kms.Sign", answers=("*registration_over*",))
UNUSED = "tokens are stored nowhere: a session whose tokens were lost stays unused and ends"
SESSION_LINES = ('+ AuthTable {*"pk": "SESSION#*', "+ events *signed_in.v1*")
UNTOLD = Accepted(UNUSED, "dynamodb.TransactWriteItems", LOST, lines=SESSION_LINES)
UNSIGNED = Accepted(UNUSED, "kms.Sign", lines=SESSION_LINES)
TWICE = "SES knows no idempotency: a letter that it took, and that nobody could note, goes again"
DIED = Accepted(TWICE, "sesv2.SendEmail", ("killed after",), lines=("+ letters *",))
UNNOTED = Accepted(
    TWICE,
    "dynamodb.TransactWriteItems",
    ("throttled", "broken", "no connection", "denied", "killed before"),
    lines=("+ letters *",),
)
UNCONFIRMED = Accepted(
    "a letter whose answer was lost is taken for sent: two are worse than one unconfirmed",
    calls="sesv2.SendEmail",
    faults=("answer lost", RESENT),
    attributes=("confirmed",),
)
LETTER = (DIED, UNNOTED, UNCONFIRMED)

type Declared = Callable[[Shop], Act]

SCENARIOS: list[Scenario] = []


def scenario(function: str, name: str, *accepted: Accepted) -> Callable[[Declared], Declared]:
    """Declare a scenario; a route's is named by the route, with a colon before what is special."""

    def declare(prepare: Declared) -> Declared:
        made = Scenario(name, function, lambda cloud: prepare(Shop(cloud)), accepted)
        SCENARIOS.append(made)
        return prepare

    return declare


def every(wiring: Wiring) -> Iterator[Scenario]:
    """The declared scenarios, and those that the template asks for by itself."""
    yield from SCENARIOS
    for function in wiring.functions.values():
        if function.handler == "common.relay.handler":
            yield from _of_relay(function)
    declared = {(scenario.function, scenario.name) for scenario in SCENARIOS}
    for rule, pattern in wiring.resources("AWS::Events::Rule").items():
        consumer = f"{rule.removesuffix('Rule')}Consumer"
        for event in pattern["EventPattern"]["detail-type"]:
            if (consumer, event) not in declared:
                yield _of_event(consumer, event)


def sample(name: str, **changes: object) -> Event:
    frozen = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return EVENTS[name].model_validate(frozen | changes)


# --- consumers and relays, by themselves ---


def _of_event(consumer: str, name: str) -> Scenario:
    def prepare(cloud: Cloud) -> Act:
        contact = sample("auth.contact_changed.v1")
        if name != contact.name:
            cloud.publish(contact)
        return lambda: cloud.publish(sample(name))

    accepted = LETTER if consumer.startswith("Notify") and name in letter.names() else ()
    return Scenario(name, consumer, prepare, accepted)


def _of_relay(function: Function) -> Iterator[Scenario]:
    """The stream brings an event, or the minute's sweep finds one."""

    def queue(cloud: Cloud, age_minutes: int) -> None:
        cloud.clock.advance(minutes=-age_minutes)
        event = CustomerRegistered(id=ids.new(clock.now()), occurred_at=clock.now(), customer_id="")
        with cloud.acting(function.name):
            table.commit(outbox.row(event))
        cloud.clock.advance(minutes=age_minutes)

    def streamed(cloud: Cloud) -> Act:
        return lambda: (queue(cloud, 0), cloud.drain())[1]

    def swept(cloud: Cloud) -> Act:
        queue(cloud, 5)
        cloud._inserted(
            cloud.wiring.functions[function.name].environment["TABLE_NAME"]
        )  # the stream gave up on it
        return lambda: cloud.invoke(function.name, SCHEDULE)

    yield Scenario("stream", function.name, streamed)
    yield Scenario("sweep", function.name, swept)


# --- auth ---


@scenario("AuthAdmin", "create staff", HIRED)
def hiring(shop: Shop) -> Act:
    return lambda: shop.hire("agent@example.com")


@scenario("AuthApi", "POST /v1/auth/registrations", LIMITS)
def registering(shop: Shop) -> Act:
    return shop.asking(
        None, "POST", "/v1/auth/registrations", {"email": EMAIL, "password": PASSWORD}
    )


@scenario(
    "AuthApi",
    "POST /v1/auth/registrations/{registration_id}/confirm",
    ATTEMPTS,
    PROVEN_UNTOLD,
    PROVEN_UNSIGNED,
)
def confirming(shop: Shop) -> Act:
    asked, code = shop.registering(EMAIL)
    path = f"/v1/auth/registrations/{asked}/confirm"
    return shop.asking(None, "POST", path, {"code": code})


@scenario("AuthApi", "POST /v1/auth/sign-in", LIMITS, UNTOLD, UNSIGNED)
def signing_in(shop: Shop) -> Act:
    shop.register(EMAIL)
    return shop.asking(None, "POST", "/v1/auth/sign-in", {"login": EMAIL, "password": PASSWORD})


@scenario("AuthApi", "POST /v1/auth/sign-in: staff", LIMITS, STEP, UNTOLD, UNSIGNED)
def signing_in_staff(shop: Shop) -> Act:
    hired = shop.hire("agent@example.com")

    def sign_in() -> object:
        shop.cloud.clock.advance(seconds=30)  # each time with the code of the moment
        return shop.asking(None, "POST", "/v1/auth/sign-in", shop.credentials(hired))()

    return sign_in


@scenario("AuthApi", "POST /v1/auth/refresh")
def refreshing(shop: Shop) -> Act:
    _, token = shop.register(EMAIL)
    return shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": token})


@scenario("AuthApi", "POST /v1/auth/refresh: stolen")
def stealing(shop: Shop) -> Act:
    _, token = shop.register(EMAIL)
    shop.ask(None, "POST", "/v1/auth/refresh", {"refresh_token": token})
    shop.cloud.clock.advance(minutes=1)
    return shop.asking(None, "POST", "/v1/auth/refresh", {"refresh_token": token})


@scenario("AuthApi", "POST /v1/auth/sign-out")
def signing_out(shop: Shop) -> Act:
    return shop.asking(shop.customer(), "POST", "/v1/auth/sign-out")


@scenario("AuthConsumer", "auth.registration_requested.v1", LIMITS)
def choosing_a_letter(shop: Shop) -> Act:
    asked = shop.asking(
        None, "POST", "/v1/auth/registrations", {"email": EMAIL, "password": PASSWORD}
    )
    return lambda: (asked(), shop.cloud.drain())[1]


@scenario("AuthConsumer", "auth.registration_requested.v1: a taken address", LIMITS)
def choosing_a_notice(shop: Shop) -> Act:
    shop.register(EMAIL)
    return choosing_a_letter(shop)


@scenario("NotifyUrgentConsumer", "auth.registration_started.v1", *LETTER)
def sending_a_code(shop: Shop) -> Act:
    known = sample("auth.registration_started.v1", occurred_at=clock.now()).model_dump()
    with shop.cloud.acting("AuthConsumer"):
        text = json.dumps({"email": EMAIL, "code": "735190"})
        sealed = sealing.seal(known["registration_id"], text)
    return lambda: shop.cloud.publish(RegistrationStarted(**known | {"letter": sealed}))


@scenario("NotifyConsumer", "a letter before its address")
def writing_too_early(shop: Shop) -> Act:
    """The first try fails, and asks the queue to come again soon."""
    cloud, contact = shop.cloud, sample("auth.contact_changed.v1")

    def meet() -> None:
        with mock.patch.object(cloud, "drain"):
            cloud.publish(sample("orders.order_placed.v1"))
        cloud._consume()
        cloud.invoke("NotifyUrgentConsumer", by_queue(contact))
        cloud.drain()

    return meet


def by_queue(event: Event) -> dict[str, object]:
    """*event* as a function's queue would bring it."""
    body = json.dumps({"detail-type": event.name, "detail": event.model_dump(mode="json")})
    tries = {"ApproximateReceiveCount": "1"}
    record = {"messageId": event.id, "receiptHandle": "", "body": body, "attributes": tries}
    return {"Records": [record | {"eventSource": "aws:sqs", "eventSourceARN": ""}]}


# --- orders ---


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


@scenario("OrdersApi", "POST /v1/checkout")
def checking_out(shop: Shop) -> Act:
    return shop.asking(with_cart(shop), "POST", "/v1/checkout", CHECKOUT)


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


@scenario("OrdersApi", "POST /v1/staff/products/imports")
def importing(shop: Shop) -> Act:
    shop.stock(product("TEA-1"))
    body = {"products": [product("TEA-1", 90_000), product("TEA-2")]}
    return shop.asking(shop.staff("manager"), "POST", "/v1/staff/products/imports", body)


@scenario("OrdersConsumer", "timer of a cart")
def abandoning(shop: Shop) -> Act:
    with_cart(shop)
    shop.cloud.clock.advance(hours=3)

    def minutes() -> None:
        for _ in range(2):
            shop.cloud.invoke("OrdersConsumer", SCHEDULE)
            shop.cloud.clock.advance(minutes=1)

    return minutes


def with_cart(shop: Shop):
    """A customer with two of TEA-1 in the cart."""
    shop.stock(product("TEA-1"), product("TEA-2", 50_000))
    person = shop.customer()
    shop.fill_cart(person)
    return person


# --- support ---


@scenario("SupportApi", "POST /v1/tickets")
def opening_a_ticket(shop: Shop) -> Act:
    person = with_cart(shop)
    body = QUESTION | {"order_id": shop.order(person)}
    return shop.asking(person, "POST", "/v1/tickets", body)


@scenario("SupportApi", "POST /v1/tickets/{ticket_id}/messages")
def replying(shop: Shop) -> Act:
    person = shop.customer()
    path = f"/v1/tickets/{shop.ticket(person)}/messages"
    return shop.asking(person, "POST", path, {"text": "Well?"})


@scenario("SupportApi", "POST /v1/staff/tickets/{ticket_id}/messages")
def answering(shop: Shop) -> Act:
    path = f"/v1/staff/tickets/{shop.ticket(shop.customer())}/messages"
    return shop.asking(shop.staff("agent"), "POST", path, {"text": "Sorry!"})


@scenario("SupportApi", "POST /v1/staff/tickets/{ticket_id}/transitions")
def resolving(shop: Shop) -> Act:
    path = f"/v1/staff/tickets/{shop.ticket(shop.customer())}/transitions"
    return shop.asking(shop.staff("agent"), "POST", path, {"to": "resolved"})


# --- reads: function, route, who, and what stands in the path ---


def reads(function: str, route: str, who: str, part: Callable[[Shop], str] | None = None) -> None:
    def prepare(shop: Shop) -> Act:
        person = with_cart(shop)
        shop.people["customer"] = person
        method, _, path = route.partition(" ")
        stem, brace, _ = path.partition("{")
        asked = stem + (part(shop) if part and brace else "")
        return shop.asking(person if who == "customer" else shop.staff(who), method, asked)

    scenario(function, route)(prepare)


def an_order(shop: Shop) -> str:
    return shop.order(shop.people["customer"])


def a_ticket(shop: Shop) -> str:
    return shop.ticket(shop.people["customer"])


def a_message(shop: Shop) -> str:
    customer = shop.people["customer"].id
    shop.cloud.publish(sample("auth.customer_registered.v1", customer_id=customer))
    [row] = [r for r in shop.cloud.items("NotifyTable") if r["sk"].startswith("MESSAGE#")]
    return str(row["id"])


reads("OrdersApi", "GET /v1/products", "customer")
reads("OrdersApi", "GET /v1/products/{sku}", "customer", lambda _: "TEA-1")
reads("OrdersApi", "GET /v1/cart", "customer")
reads("OrdersApi", "GET /v1/orders", "customer")
reads("OrdersApi", "GET /v1/orders/{order_id}", "customer", an_order)
reads("OrdersApi", "GET /v1/staff/orders", "agent")
reads("OrdersApi", "GET /v1/staff/orders/{order_id}", "agent", an_order)
reads("LoyaltyApi", "GET /v1/loyalty", "customer")
reads("NotifyApi", "GET /v1/inbox", "customer")
reads("NotifyApi", "GET /v1/inbox/{message_id}", "customer", a_message)
reads("SupportApi", "GET /v1/tickets", "customer")
reads("SupportApi", "GET /v1/tickets/{ticket_id}", "customer", a_ticket)
reads("SupportApi", "GET /v1/staff/tickets", "agent")
reads("SupportApi", "GET /v1/staff/tickets/{ticket_id}", "agent", a_ticket)
reads("InsightsApi", "GET /v1/staff/insights/summary", "agent")
