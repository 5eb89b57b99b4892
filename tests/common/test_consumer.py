"""Batches from a queue: each message alone, none lost."""

import json
from types import SimpleNamespace

import pytest

from common import clock, consumer, ids
from common.events.auth import CustomerRegistered
from common.events.orders import OrderShipped

REGISTERED = {
    "detail-type": "auth.customer_registered.v1",
    "detail": {"id": "e-1", "occurred_at": "2026-01-01T12:00:00Z", "customer_id": "c-1"},
}


def batch(*bodies):
    return {
        "Records": [
            {
                "messageId": f"m-{n}",
                "receiptHandle": f"r-{n}",
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": "1"},
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for n, body in enumerate(bodies)
        ]
    }


@pytest.fixture
def consume(cloud):
    seen = []

    def consume(*bodies):
        def react(event):
            if event.customer_id == "poison":
                raise RuntimeError
            seen.append(event.customer_id)

        with cloud.acting("AuthConsumer"):
            answer = consumer.consume(
                batch(*bodies), SimpleNamespace(), {CustomerRegistered: react}
            )
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]], seen

    return consume


def of(customer):
    return REGISTERED | {"detail": REGISTERED["detail"] | {"customer_id": customer}}


@pytest.mark.case("E4")
def test_exactly_the_failed_messages_come_back(consume):
    bodies = [of("poison") if n in (3, 7) else of(f"c-{n}") for n in range(10)]

    failed, seen = consume(*bodies)

    assert failed == ["m-3", "m-7"]
    assert seen == [f"c-{n}" for n in range(10) if n not in (3, 7)]


@pytest.mark.case("E4")
def test_an_unreadable_message_does_not_fail_its_neighbours(consume):
    assert consume("{", of("c-1"), "[]") == (["m-0", "m-2"], ["c-1"])


@pytest.mark.case("E4")
def test_a_batch_in_which_all_fail_comes_back_whole(consume):
    assert consume(of("poison"), of("poison"))[0] == ["m-0", "m-1"]


@pytest.mark.case("E6")
def test_a_field_added_later_is_accepted(consume):
    later = REGISTERED | {"detail": REGISTERED["detail"] | {"added": 1}}

    assert consume(later) == ([], ["c-1"])


@pytest.mark.case("E6")
@pytest.mark.parametrize("field", ["id", "occurred_at", "customer_id"])
def test_an_event_that_lacks_a_field_is_not_taken(consume, field):
    lacking = {k: v for k, v in REGISTERED["detail"].items() if k != field}

    assert consume(REGISTERED | {"detail": lacking}) == (["m-0"], [])


def test_an_event_nobody_reacts_to_is_a_fault_of_the_wiring(consume):
    unheard = {"detail-type": "orders.unheard_of.v1", "detail": {}}

    assert consume(unheard)[0] == ["m-0"]


@pytest.mark.case("E3")
def test_a_poison_event_ends_in_the_dead_letters_whole_while_others_go_on(cloud):
    moment = clock.now()
    poison = OrderShipped(
        id=ids.new(moment),
        occurred_at=moment,
        customer_id="nobody",
        order_id="o-1",
        number="1",
        tracking_number="T",
    )

    cloud.publish(poison)  # notify knows no contact of this customer

    [dead] = cloud.messages("NotifyDeadLetters")
    assert OrderShipped.model_validate(dead["detail"]) == poison
    assert cloud.messages("NotifyQueue") == []


@pytest.mark.case("E4")
@pytest.mark.parametrize(("fails", "failed"), [(False, ["m-1"]), (True, ["m-0", "m-1", "m-2"])])
def test_a_batch_is_reacted_to_as_one_and_what_cannot_be_read_fails_alone(cloud, fails, failed):
    seen = []

    def react(events):
        seen.append([event.customer_id for event in events])
        if fails:
            raise RuntimeError

    with cloud.acting("AuthConsumer"):
        bodies = batch(of("c-0"), "no json", of("c-2"))
        answer = consumer.consume_together(bodies, {CustomerRegistered: react})

    assert seen == [["c-0", "c-2"]]
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == failed
