"""The outbox reaches the bus whatever happens on the way."""

import re
from datetime import timedelta

import boto3
import pytest

from common import clock, ids, outbox, relay, table
from common.events import LARGEST_BYTES
from common.events.auth import CustomerRegistered


def queued(cloud, at=None):
    moment = at or clock.now()
    event = CustomerRegistered(id=ids.new(moment), occurred_at=moment, customer_id="c-1")
    with cloud.acting("AuthRelay"):
        table.commit(outbox.row(event))
    return event


def refuse(monkeypatch, *positions):
    """Let the bus answer 200 and refuse the entries at *positions* (CASES E5)."""
    client = relay.aws.events()
    genuine = client.put_events

    def put_events(Entries):
        kept = [entry for n, entry in enumerate(Entries) if n not in positions]
        answer = genuine(Entries=kept) if kept else {"Entries": []}
        answers = iter(answer["Entries"])
        results = [
            {"ErrorCode": "ThrottlingException"} if n in positions else next(answers)
            for n in range(len(Entries))
        ]
        return {"FailedEntryCount": len(positions), "Entries": results}

    monkeypatch.setattr(client, "put_events", put_events)


def test_a_queued_event_reaches_the_bus_and_leaves_the_outbox(cloud):
    event = queued(cloud)

    cloud.drain()

    assert cloud.published(CustomerRegistered) == [event]
    assert cloud.items("AuthTable") == []


@pytest.mark.case("E5")
def test_an_event_the_bus_refused_stays_and_goes_later(cloud, monkeypatch):
    first, second = queued(cloud), queued(cloud)
    with monkeypatch.context() as patch:
        refuse(patch, 1)
        cloud.drain()
    [left] = cloud.items("AuthTable")
    assert left["sk"] in {first.id, second.id}

    cloud.clock.advance(minutes=3)
    cloud.tick()

    assert cloud.items("AuthTable") == []
    assert {event.id for event in cloud.published(CustomerRegistered)} == {first.id, second.id}


@pytest.mark.case("E4", "E5")
def test_the_stream_is_told_which_records_to_bring_again(cloud, monkeypatch):
    queued(cloud), queued(cloud)
    refuse(monkeypatch, 0)
    records = cloud._inserted("AuthTable")

    answer = cloud.invoke("AuthRelay", {"Records": records})

    number = records[0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": number}]}


def test_the_sweep_leaves_fresh_rows_to_the_stream(cloud):
    queued(cloud)

    cloud.invoke("AuthRelay", {"source": "aws.events"})

    assert cloud.published(CustomerRegistered) == []


@pytest.mark.case("E9")
def test_a_day_of_outage_is_caught_up(cloud):
    yesterday = clock.now() - timedelta(days=1)
    events = [queued(cloud, yesterday) for _ in range(25)]

    cloud.invoke("AuthRelay", {"source": "aws.events"})

    assert {e.id for e in cloud.published(CustomerRegistered)} == {e.id for e in events}
    assert cloud.items("AuthTable") == []


@pytest.mark.case("E9")
def test_a_relay_killed_between_publishing_and_deleting_publishes_again(cloud, monkeypatch):
    event = queued(cloud)
    with monkeypatch.context() as patch:
        patch.setattr(table, "apply", lambda write: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            cloud.drain()

    cloud.clock.advance(minutes=3)
    cloud.tick()

    assert cloud.published(CustomerRegistered) == [event, event]
    assert cloud.items("AuthTable") == []


def test_an_events_own_time_is_the_buss_time(cloud):
    event = queued(cloud)
    cloud.drain()

    [call] = [call for call in cloud.calls if call.name == "events.PutEvents"]
    assert call.arguments["Entries"][0]["Time"] == event.occurred_at
    assert boto3.client("events").describe_event_bus(
        Name=call.arguments["Entries"][0]["EventBusName"]
    )


@pytest.mark.case("E10")
def test_an_event_too_large_for_the_bus_is_refused_with_its_state(cloud):
    event = CustomerRegistered(
        id=ids.new(clock.now()), occurred_at=clock.now(), customer_id="c" * LARGEST_BYTES
    )

    with cloud.acting("AuthRelay"), pytest.raises(ValueError, match="too large"):
        outbox.row(event)


def test_each_sweep_tells_how_much_lay_overdue_whether_the_bus_took_it_or_not(
    cloud, monkeypatch, capsys
):
    queued(cloud, clock.now() - timedelta(minutes=3))
    with monkeypatch.context() as patch:
        refuse(patch, 0)
        cloud.invoke("AuthRelay", {"source": "aws.events"})
    for _ in range(2):
        cloud.invoke("AuthRelay", {"source": "aws.events"})

    told = re.findall(r'"OutboxOverdue": ?\[([0-9.]+)\]', capsys.readouterr().out)
    assert told == ["1.0", "1.0", "0.0"]
