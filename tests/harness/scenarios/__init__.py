"""What the fault sweep does to each function: one short declaration a route or event, in the module
of its capability.

A function declares what prepares the world and returns what is called, again after a fault.
Consumers are swept with the frozen sample of every event that their rule lets through, relays
with an event in their outbox: those need no declaration, unless the sample is not enough.
"""

import importlib
import pkgutil
from collections.abc import Iterator

from cloud import Cloud
from common import clock, ids, outbox, table
from common.events.auth import CustomerRegistered
from notify import letter
from scenarios.declared import LETTER, SCENARIOS, sample
from sweep import SCHEDULE, Act, Scenario
from wiring import Function, Wiring

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"scenarios.{module.name}")


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


def _of_event(consumer: str, name: str) -> Scenario:
    def prepare(cloud: Cloud) -> Act:
        contact = sample("auth.contact_changed.v1")
        if name != contact.name:
            cloud.publish(contact)
        return lambda: cloud.publish(sample(name))

    accepted = LETTER if consumer.startswith("Notify") and _is_sent(name) else ()
    return Scenario(name, consumer, prepare, accepted)


def _is_sent(name: str) -> bool:
    """Whether the event has a letter."""
    return name in letter.names()


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
