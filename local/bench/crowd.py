"""A price that very many watch: what it takes until each of them is told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import uuid4

from common import aws, clock, ids, table
from common.events.catalogue import WatchedPriceDropped
from local.bench.goods import product
from local.bench.meter import Cost, Meter
from local.bench.walk import indexes
from orders.watches import store as watches
from orders.watches.watch import Kind, Watch

TELLING = "OrdersConsumer"
# Three writes a watcher, of the hundred of a transaction.
BEGUN_AT_ONCE = 33


@dataclass(frozen=True)
class Told:
    """What it took to tell everybody who watches one product; *cost* is of all *messages*."""

    watchers: int
    messages: int
    cost: Cost
    seconds: float

    @property
    def pages(self) -> int:
        return sum(reply.operation == "Query" for reply in self.cost.replies)


def tell(cloud: Any, count: int) -> Told:
    """Let *count* customers watch one product on the fake AWS *cloud*, and its price fall.

    AssertionError unless the bus has one event for each of them. Letters are not written.
    """
    manager = cloud.staff("manager").token
    goods = {"products": [product(1)]}
    cloud.call("POST", "/v1/staff/products/imports", goods, token=manager, key=str(uuid4()))
    people = [ids.new(clock.now()) for _ in range(count)]
    with cloud.acting(TELLING):
        _begin(people)
    cloud.drain()
    lower = {"price_minor": 90_000}
    cloud.call("PATCH", "/v1/staff/products/TEA-1", lower, token=manager)
    with _letters_resting(cloud), _metered(cloud) as (cost, messages):
        started = time.monotonic()
        cloud.drain()
        seconds = time.monotonic() - started
    told = [event.customer_id for event in cloud.published(WatchedPriceDropped)]
    if sorted(told) != sorted(people):
        raise AssertionError(f"of {count} watchers {len(set(told))} were told, {len(told)} times")
    return Told(count, len(messages), cost, seconds)


def _begin(people: list[str]) -> None:
    now = clock.now()
    for some in batched(people, BEGUN_AT_ONCE, strict=False):
        begun = (Watch(id_, Kind.PRICE, "TEA-1", 100_000, now) for id_ in some)
        table.commit(*(write for one in begun for write in watches.beginning(one)))


@contextmanager
def _letters_resting(cloud: Any) -> Iterator[None]:
    """No rule leads to letters: moto counts a whole queue for each message that comes into it."""
    rule, bus = cloud.wiring.physical["NotifyRule"]["Ref"], cloud.wiring.physical["Bus"]["Ref"]
    named, events = {"Rule": rule.rpartition("|")[2], "EventBusName": bus}, aws.events()
    targets = events.list_targets_by_rule(**named)["Targets"]
    events.remove_targets(**named, Ids=[target["Id"] for target in targets])
    try:
        yield
    finally:
        events.put_targets(**named, Targets=targets)


@contextmanager
def _metered(cloud: Any) -> Iterator[tuple[Cost, list[Any]]]:
    """What telling costs, and the messages by which it goes on."""
    meter, cost, invoke = Meter(indexes()), Cost(), cloud.invoke
    messages: list[Any] = []

    def invoked(name: str, event: dict[str, Any]) -> Any:
        if name == TELLING:
            messages.extend(event["Records"])
            meter.cost = cost
        try:
            return invoke(name, event)
        finally:
            meter.cost = None

    cloud.invoke = invoked
    try:
        with meter.on():
            yield cost, messages
    finally:
        del cloud.invoke
