"""Reconciliations in DynamoDB.

pk              sk     what
RECONCILIATION  <day>  what was compared of that day's payments, and each difference
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime

from common import ledger, table
from orders.order import rows
from orders.order import store as orders
from orders.order.bill import Method, Status
from orders.order.money_store import reference
from orders.order.order import State
from orders.payments.provider import TOP_UP
from orders.payments.reconciliation.difference import Difference, kept
from orders.wallet import store as top_ups

PK = "RECONCILIATION"
MOST_POSTINGS = 100


def kept_of(asked: str) -> int:
    """What the ledger says that the provider keeps of the payment *asked*."""
    kind, subject, part = asked.split(".")
    if kind == TOP_UP:
        one = top_ups.find(subject, part)
        return one.amount_minor if one and one.status is Status.CAPTURED else 0
    found = orders.find_any(subject)
    if found is None or reference(found) != asked:
        return 0
    return kept(ledger.account(f"order:{subject}:money", limit=MOST_POSTINGS).postings)


def asked_on(day: date) -> Iterator[str]:
    """The references of the orders placed on *day* that a provider was asked about."""
    for state in State:
        queued = table.query_all(rows.queue(state, day), index="gsi1", limit=MOST_POSTINGS)
        for order in map(rows.parse, queued):
            if order.bill.attempt and order.bill.method in (Method.CARD, Method.SBP):
                yield reference(order)


def save(day: date, compared: int, found: Sequence[Difference], at: datetime) -> None:
    """Keep the outcome for *day*; a later look at the same day replaces it."""
    told = {"compared": compared, "at": at.isoformat(), "differences": list(map(asdict, found))}
    table.apply(table.put({"pk": PK, "sk": day.isoformat()} | told, None))


def find(day: date) -> table.Item | None:
    return table.get(PK, day.isoformat())
