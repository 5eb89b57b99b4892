"""What is too large for a test: ten thousand watchers of one price, a hundred thousand products.

`make bench` writes it down. A test runs both at a small size and holds the counts.
"""

import os
from typing import Any

from local.bench import crowd, warehouse
from local.bench.crowd import Told
from local.bench.warehouse import Found

WATCHERS, PRODUCTS = 10_000, 100_000


def measure(cloud: Any) -> tuple[Told, Found]:
    """On the fake AWS *cloud*, which is emptied before each: some minutes."""
    cloud.reset()
    told = crowd.tell(cloud, WATCHERS)
    cloud.reset()
    return told, warehouse.find(cloud, PRODUCTS)


def text(day: str, told: Told, found: Found) -> str:
    rows = [*_told(told), *_found(found)]
    lines = (f"| {what} | {measured} |" for what, measured in rows)
    return "\n".join([_head(day), "", "| What | Measured |", "|---|---|", *lines])


def _head(day: str) -> str:
    return (
        f"Too large for a test, and measured on {day} too. Counts are DynamoDB's; seconds and"
        f" milliseconds are those of the machine at hand ({os.cpu_count()} cores, moto in AWS's"
        " place) and say nothing of AWS's. That each watcher is told once is checked; what the"
        " letter to each costs, the table above says."
    )


def _told(told: Told) -> list[tuple[str, str]]:
    cost, each = told.cost, told.watchers
    return [
        ("A lower price: customers who watch the product, each told once", f"{each:,}"),
        ("messages of the queue, of up to 20 pages each", f"{told.messages:,}"),
        ("pages, each one query and one transaction", f"{told.pages:,}"),
        ("round trips, a watcher", f"{cost.trips:,}, {cost.trips / each:.3f}"),
        ("write units, a watcher", f"{cost.write:,}, {cost.write / each:.2f}"),
        ("read units, a watcher", f"{cost.read:,g}, {cost.read / each:.3f}"),
        ("seconds until every event is on the bus", f"{told.seconds:.0f}"),
    ]


def _found(found: Found) -> list[tuple[str, str]]:
    return [
        ("A search index: made-up products in it", f"{found.products:,}"),
        ("seconds to build it anew, and to store it", f"{found.seconds:.1f}"),
        ("bytes of it, packed", f"{found.packed_bytes:,}"),
        ("milliseconds for two words, one mistyped (median)", f"{found.typo_ms:.1f}"),
        (
            "milliseconds for a category, two colours, a price range and stock, all counted"
            " (median)",
            f"{found.facets_ms:.1f}",
        ),
    ]
