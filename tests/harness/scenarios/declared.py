"""How a scenario of the fault sweep is declared, and what several capabilities' share."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from common.events import Event
from common.events.known import EVENTS
from shop import Shop, product
from sweep import Accepted, Act, Scenario

SAMPLES = Path(__file__).parents[2] / "samples"
CUSTOMER = "01900000-0000-7000-8000-0000000000c1"  # the one that the samples tell of
EMAIL = "anna@example.com"

LOST = ("answer lost", "killed after")
RESENT = "answer lost, sent again"

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
# The same of SMS, which SNS takes without idempotency too.
TEXT = tuple(
    replace(one, calls=one.calls.replace("sesv2.SendEmail", "sns.Publish"), lines=("+ texts *",))
    if one.lines
    else replace(one, calls="sns.Publish")
    for one in LETTER
)

ACTED = Accepted(
    "a change whose answer was lost is asked for anew, and the trail tells of both",
    calls="dynamodb.TransactWriteItems",
    faults=(*LOST, RESENT),
    lines=("+ events *staff_acted*", '+ *Table {*"name": "auth.staff_acted.v1"*'),
)

type Declared = Callable[[Shop], Act]

SCENARIOS: list[Scenario] = []


def scenario(function: str, name: str, *accepted: Accepted) -> Callable[[Declared], Declared]:
    """Declare a scenario; a route's is named by the route, with a colon before what is special."""

    def declare(prepare: Declared) -> Declared:
        made = Scenario(name, function, lambda cloud: prepare(Shop(cloud)), accepted)
        SCENARIOS.append(made)
        return prepare

    return declare


def sample(name: str, **changes: object) -> Event:
    frozen = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return EVENTS[name].model_validate(frozen | changes)


def reads(function: str, route: str, who: str, part: Callable[[Shop], str] | None = None) -> None:
    def prepare(shop: Shop) -> Act:
        person = with_cart(shop)
        shop.people["customer"] = person
        method, _, path = route.partition(" ")
        stem, brace, _ = path.partition("{")
        asked = stem + (part(shop) if part and brace else "")
        return shop.asking(person if who == "customer" else shop.staff(who), method, asked)

    scenario(function, route)(prepare)


def by_queue(event: Event) -> dict[str, object]:
    """*event* as a function's queue would bring it."""
    body = json.dumps({"detail-type": event.name, "detail": event.model_dump(mode="json")})
    tries = {"ApproximateReceiveCount": "1"}
    record = {"messageId": event.id, "receiptHandle": "", "body": body, "attributes": tries}
    return {"Records": [record | {"eventSource": "aws:sqs", "eventSourceARN": ""}]}


def with_cart(shop: Shop):
    """A customer with two of TEA-1 in the cart."""
    shop.stock(product("TEA-1"), product("TEA-2", 50_000))
    person = shop.customer()
    shop.fill_cart(person)
    return person
