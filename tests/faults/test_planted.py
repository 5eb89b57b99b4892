"""The sweep finds what it is for: each of these bugs, planted, is found by it."""

import pytest

import scenarios
from common import idempotency, relay, table
from insights import store as counts
from sweep import Sweep


def swept(cloud, function, name):
    """What the sweep has to say of one scenario."""
    every = {(s.function, s.name): s for s in scenarios.every(cloud.wiring)}
    sweep = Sweep(cloud, every[function, name])
    assert not sweep.usual.troubles
    return [t for k, fault in sweep.runs() for t in sweep.judged(k, fault).troubles]


def record_beside(call, status, view, *writes):
    """The effect first, its record after it."""
    table.commit(*writes)
    table.apply(call.record(status, view.model_dump_json()))


def event_beside(call, status, view, *writes):
    """The state first, its event after it."""
    told = [w for w in writes if _is_event(w)]
    genuine(call, status, view, *(w for w in writes if not _is_event(w)))
    for write in told:
        table.apply(write)


def _is_event(write):
    return write.get("Put", {}).get("Item", {}).get("pk", {}).get("S", "").startswith("OUTBOX#")


def delete_first(rows):
    """The row goes before the bus has its event."""
    for row in rows:
        table.apply(table.delete(row["pk"], row["sk"], condition=None))
        relay.aws.events().put_events(Entries=[relay._entry(row)])
    return iter(())


def count_blindly(event_id, day, counted):
    """No note of what was counted."""
    table.apply(table.update("COUNTS", f"{day}#0", add=dict(counted), condition=None))


genuine = idempotency.commit


@pytest.mark.parametrize(
    ("module", "name", "bug", "function", "scenario"),
    [
        (idempotency, "commit", record_beside, "OrdersApi", "POST /v1/checkout"),
        (idempotency, "commit", event_beside, "OrdersApi", "POST /v1/checkout"),
        (relay, "_publish", delete_first, "OrdersRelay", "stream"),
        (counts, "count", count_blindly, "InsightsConsumer", "orders.order_placed.v1"),
    ],
    ids=["record beside", "event beside", "deleted first", "counted blindly"],
)
def test_a_planted_bug_is_found(cloud, monkeypatch, module, name, bug, function, scenario):
    monkeypatch.setattr(module, name, bug)

    assert swept(cloud, function, scenario)
