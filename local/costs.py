"""What a month costs, from the counts in the README and AWS's list prices.

`python -m local.costs` writes the table into docs/operations.md. Free tiers, taxes, data
transfer and the shop's own traffic peaks are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local import documents, template
from local.bench import table
from local.console import plain, say
from local.places import ROOT

DOCUMENT = ROOT / "docs/operations.md"
HEADING = "# Operations\n\n## What it costs\n\n<!-- costs -->\n<!-- /costs -->\n"
SIZES = (1_000, 1_000_000)
MINUTES = 30 * 24 * 60

# US dollars, eu-central-1, on demand, from memory of AWS's public price list as of this day.
PRICES_OF = "2026-11-25"
SOURCE = "AWS's public price list (aws.amazon.com/…/pricing), eu-central-1"
PRICES = {
    "DynamoDB writes": 0.7625e-6,
    "DynamoDB reads": 0.1525e-6,
    "DynamoDB storage and backup, GB": 0.306 + 0.2448,
    "Lambda invocations": 0.20e-6,
    "Lambda GB-seconds (arm64)": 1.33334e-5,
    "API requests": 1.20e-6,
    "EventBridge events": 1.00e-6,
    "SQS requests": 0.40e-6,
    "SES letters": 0.10e-3,
    "KMS signatures": 0.15e-4,
    "KMS other calls": 0.03e-4,
    "CloudWatch Logs, GB": 0.63,
    "X-Ray traces": 5.00e-6,
    "CloudWatch alarms, by metric": 0.10,
    "CloudWatch metrics of our own": 0.30,
    "CloudWatch dashboards": 3.00,
    "KMS keys": 1.00,
    "Secrets": 0.40,
}

# What a customer does in a month, by the README's rows.
HABITS = {
    "POST /v1/auth/registrations": 0.05,
    "`auth.challenge_begun.v1` at AuthConsumer": 0.05,
    "`auth.code_requested.v1` at NotifyUrgentConsumer": 0.05,
    "POST /v1/auth/registrations/{id}/confirm": 0.05,
    "`auth.customer_registered.v1` at NotifyConsumer": 0.05,
    "`auth.contact_changed.v1` at NotifyUrgentConsumer": 0.05,
    "`auth.customer_registered.v1` at InsightsConsumer": 0.05,
    "`auth.customer_registered.v1` at LoyaltyConsumer": 0.05,
    "POST /v1/auth/sign-in": 2,
    "POST /v1/auth/refresh": 10,
    "GET /v1/products, 20 of them": 20,
    "PUT /v1/cart/lines/{sku}, the first": 1.3,
    "PUT /v1/cart/lines/{sku}, another": 2,
    "PUT /v1/cart/lines/{sku}, other quantity": 1,
    "GET /v1/cart": 6,
    "POST /v1/checkout, 2 lines": 0.7,
    "POST /v1/checkout, 2 lines and points": 0.3,
    "`orders.order_placed.v1` at NotifyConsumer": 1,
    "`orders.order_placed.v1` at SupportConsumer": 1,
    "`orders.order_placed.v1` at InsightsConsumer": 1,
    "GET /v1/orders, 20 of them": 3,
    "GET /v1/orders/{id}": 3,
    "POST /v1/staff/orders/{id}/transitions, assembling": 0.95,
    "POST /v1/staff/orders/{id}/transitions, shipped": 0.95,
    "`orders.order_assembling.v1` at NotifyConsumer": 0.95,
    "`orders.order_shipped.v1` at NotifyConsumer": 0.95,
    "POST /v1/staff/orders/{id}/transitions, delivered": 0.95,
    "`orders.order_delivered.v1` at LoyaltyConsumer": 0.95,
    "`orders.order_delivered.v1` at NotifyConsumer": 0.95,
    "`orders.order_delivered.v1` at InsightsConsumer": 0.95,
    "`loyalty.points_accrued.v1` at NotifyConsumer": 0.95,
    "`loyalty.standing_changed.v1` at OrdersConsumer": 1,
    "`loyalty.points_accrued.v1` at InsightsConsumer": 0.95,
    "POST /v1/orders/{id}/cancel, with points": 0.05,
    "`orders.order_cancelled.v1` at NotifyConsumer": 0.05,
    "`orders.order_cancelled.v1` at InsightsConsumer": 0.05,
    "GET /v1/loyalty": 2,
    "GET /v1/inbox": 2,
    "POST /v1/tickets": 0.05,
    "`support.ticket_opened.v1` at InsightsConsumer": 0.05,
    "POST /v1/staff/tickets/{id}/messages": 0.05,
    "`support.ticket_answered.v1` at NotifyConsumer": 0.05,
    "GET /v1/tickets/{id}": 0.1,
    "`orders.cart_abandoned.v1` at NotifyConsumer": 0.3,
    "`notify.message_sent.v1` at InsightsConsumer": 4.35,
}
SIGNING = ("confirm", "sign-in", "refresh")
# Events that the rows above publish, and letters they send, a customer and month.
EVENTS = 14
LETTERS = 5.3
ROW_BYTES = 60_000  # of one customer after a year: orders, letters, postings, indexes
LOG_BYTES = 450  # of one invocation's lines
TRACED = 0.05
WARM_GB_SECONDS = 0.03 * 0.5  # 30 ms at 512 MB
HASHING_GB_SECONDS = 0.2 * 1.0  # a sign-in: Argon2id at 1,024 MB
POLLS_A_MINUTE = 15  # Lambda's idle polling of one queue
CALLS_A_MESSAGE = 3


@dataclass(frozen=True)
class Line:
    """One service's bill: how much of it, and its price."""

    name: str
    amount: float

    @property
    def dollars(self) -> float:
        return self.amount * PRICES[self.name]


def month(customers: int) -> list[Line]:
    """The bill of a month with so many active customers."""
    counted = table.read()
    idle = list(_idle(counted))
    write = sum((counted[row][1] + counted[row][2]) * n for row, n in HABITS.items())
    read = sum(counted[row][3] * n for row, n in HABITS.items())
    requests = sum(n for row, n in HABITS.items() if not row.startswith("`"))
    messages = sum(n for row, n in HABITS.items() if row.startswith("`"))
    signed = sum(n for row, n in HABITS.items() if row.endswith(SIGNING))
    hashed = HABITS["POST /v1/auth/sign-in"]
    runs = (sum(HABITS.values()) + EVENTS) * customers + len(idle) * MINUTES
    seconds = runs * WARM_GB_SECONDS + hashed * customers * HASHING_GB_SECONDS
    polls = len(_consumers()) * POLLS_A_MINUTE * MINUTES
    amounts = {
        "DynamoDB writes": (write + EVENTS) * customers,
        "DynamoDB reads": read * customers + sum(idle) * MINUTES,
        "DynamoDB storage and backup, GB": ROW_BYTES * customers / 1e9,
        "Lambda invocations": runs,
        "Lambda GB-seconds (arm64)": seconds,
        "API requests": requests * customers,
        "EventBridge events": EVENTS * customers,
        "SQS requests": messages * customers * CALLS_A_MESSAGE + polls,
        "SES letters": LETTERS * customers,
        "KMS signatures": signed * customers,
        "KMS other calls": 0.1 * customers,
        "CloudWatch Logs, GB": LOG_BYTES * runs / 1e9,
        "X-Ray traces": runs * TRACED,
        "CloudWatch alarms, by metric": watched(template.read()),
        "CloudWatch metrics of our own": len(_own_metrics()),
        "CloudWatch dashboards": _declared("AWS::CloudWatch::Dashboard"),
        "KMS keys": _declared("AWS::KMS::Key"),
        "Secrets": _declared("AWS::SecretsManager::Secret"),
    }
    return [Line(name, amount) for name, amount in amounts.items()]


def _idle(counted: dict[str, table.Counts]) -> Iterator[float]:
    """The read units of each function that a schedule wakes, a minute."""
    for name in template.scheduled(template.read()):
        relay = name.endswith("Relay")
        yield counted["a minute of a relay" if relay else f"a minute of {name}, nothing due"][3]


def watched(declared: template.Template) -> int:
    """The metrics that alarms look at: each is billed, however many an expression adds up."""
    alarms = template.resources(declared, "AWS::CloudWatch::Alarm")
    asked = [alarm.get("Metrics", [{"MetricStat": alarm}]) for _, alarm in alarms]
    return sum("MetricStat" in query for queries in asked for query in queries)


def _own_metrics() -> set[str]:
    """The names of the metrics that the functions count, as the dashboard shows them."""
    return set(re.findall(r'\["Kabinet", "(\w+)"', template.SOURCE.read_text()))


def _declared(kind: str) -> int:
    return len(list(template.resources(template.read(), kind)))


def _consumers() -> list[str]:
    return [name for name in template.queues(template.read()) if name.endswith("Queue")]


def text() -> str:
    small, large = (month(size) for size in SIZES)
    rows = [
        f"| {a.name} | {a.amount:,.0f} | {a.dollars:,.2f} | {b.amount:,.0f} | {b.dollars:,.2f} |"
        for a, b in zip(small, large, strict=True)
    ]
    sums = [sum(line.dollars for line in bill) for bill in (small, large)]
    return "\n".join(
        [
            "Computed by `python -m local.costs` from the counts in the README and list prices of"
            f" {SOURCE}, as known on {PRICES_OF}.",
            "**The prices were written down from memory and not fetched, and no bill was seen:"
            " check them before you rely on the sums.** Free tiers, taxes, data transfer and"
            " retries are left out. How often Lambda polls an idle queue and how large a shop's"
            " items are, only its own account can show.",
            "",
            f"A customer's month, assumed: {_habits()}.",
            "",
            "| US dollars a month | 1,000 customers | $ | 1 million customers | $ |",
            "|---|---|---|---|---|",
            *rows,
            f"| **Together** | | **{sums[0]:,.2f}** | | **{sums[1]:,.2f}** |",
        ]
    )


def _habits() -> str:
    shown = {
        "sign-ins": "POST /v1/auth/sign-in",
        "refreshed tokens": "POST /v1/auth/refresh",
        "pages of products": "GET /v1/products, 20 of them",
        "views of the cart": "GET /v1/cart",
        "pages of orders": "GET /v1/orders, 20 of them",
    }
    parts = [f"{HABITS[row]:g} {what}" for what, row in shown.items()]
    return ", ".join([*parts, f"1 order of two lines, {LETTERS:g} letters, {EVENTS} events"])


def main() -> None:
    if not DOCUMENT.exists():
        DOCUMENT.write_text(HEADING)
    documents.place(DOCUMENT, "costs", text())
    say(text())


if __name__ == "__main__":
    with plain():
        main()
