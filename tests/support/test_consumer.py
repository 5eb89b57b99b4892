"""Support learns whose orders there are."""

import json

import boto3
import pytest


@pytest.fixture
def known(cloud):
    return lambda: [r for r in cloud.items("SupportTable") if r["sk"].startswith("ORDER#")]


def placed(customer, **fields):
    detail = {
        "id": "0198c0de-0000-7000-8000-000000000001",
        "occurred_at": "2026-03-01T12:00:00Z",
        "customer_id": customer.id,
        "order_id": "0198c0de-0000-7000-8000-000000000002",
        "number": "K-1",
        "total_minor": 1,
        "currency": "RUB",
        "points_spent": 0,
        "lines": [],
    }
    return {"detail-type": "orders.order_placed.v1", "detail": detail | fields}


def send(cloud, *messages):
    """Put *messages* on support's queue, as the rule would, and let them arrive."""
    for message in messages:
        url = cloud.wiring.physical["SupportQueue"]["Ref"]
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(message))
    cloud.drain()


@pytest.mark.case("E1", "E8")
@pytest.mark.parametrize("times", [2, 3])
def test_an_order_told_of_again_is_known_once(cloud, ann, known, times):
    send(cloud, *[placed(ann)] * times)

    [row] = known()
    assert row["pk"] == f"CUSTOMER#{ann.id}"


@pytest.mark.case("E6")
def test_a_field_added_later_is_ignored(cloud, ann, known):
    send(cloud, placed(ann, added_later=True))

    assert len(known()) == 1


@pytest.mark.case("E3", "E6")
def test_an_order_of_nobody_lands_in_the_dead_letters_and_the_next_one_does_not(cloud, ann, known):
    poison = placed(ann)
    del poison["detail"]["customer_id"]
    send(cloud, poison, placed(ann))

    assert cloud.messages("SupportDeadLetters") == [poison]
    assert len(known()) == 1
