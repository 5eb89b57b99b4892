"""Dead letters go where they were meant for, and their effect happens once."""

import boto3
import pytest

from common import clock, ids
from common.events.auth import ContactChanged
from common.events.orders import OrderPlaced, OrderShipped
from local import redrive, template


@pytest.fixture
def queues(cloud):
    physical = cloud.wiring.physical
    names = cloud.wiring.resources("AWS::SQS::Queue")
    return redrive.Deployed(boto3.client("sqs"), {name: physical[name]["Ref"] for name in names})


def shipped():
    now = clock.now()
    return OrderShipped(
        id=ids.new(now),
        occurred_at=now,
        customer_id="c-1",
        order_id="o-1",
        number="2611-AAAAAA",
        tracking_number="RU1",
    )


def placed():
    """An order that nobody finds: no document can be issued for it."""
    now = clock.now()
    return OrderPlaced(
        id=ids.new(now),
        occurred_at=now,
        customer_id="c-1",
        order_id=ids.new(now),
        number="2611-AAAAAA",
        total_minor=1,
        currency="RUB",
        points_spent=0,
        lines=(),
    )


def contact():
    now = clock.now()
    return ContactChanged(
        id=ids.new(now),
        occurred_at=now,
        subject_version=1,
        customer_id="c-1",
        email="anna@example.com",
        language="en",
        time_zone="Europe/Moscow",
    )


def test_every_dead_letter_queue_leads_back_to_a_queue(cloud):
    targets = redrive.targets(template.read())

    known = set(cloud.wiring.resources("AWS::SQS::Queue"))
    assert set(targets) == {name for name in known if not name.endswith("Queue")}
    assert set(targets.values()) <= {name for name in known if name.endswith("Queue")}


@pytest.mark.case("E3")
def test_what_a_consumer_gave_up_is_done_once_when_its_cause_is_gone(cloud, queues):
    event = shipped()
    cloud.publish(event)
    assert len(cloud.messages("NotifyDeadLetters")) == 1
    cloud.publish(contact())

    moved = redrive.redrive(queues, "NotifyDeadLetters", "NotifyQueue")
    cloud.drain()
    cloud.publish(event)

    assert moved == 1
    assert [letter.to for letter in cloud.letters] == ["anna@example.com"]
    assert cloud.messages("NotifyDeadLetters") == []


def test_what_a_rule_could_not_deliver_reaches_its_queue_by_hand(cloud, queues):
    cloud.publish(contact())
    detail = shipped().model_dump_json()
    body = f'{{"detail-type": "orders.order_shipped.v1", "detail": {detail}}}'
    queues.sqs.send_message(QueueUrl=queues.urls["NotifyUndelivered"], MessageBody=body)

    redrive.redrive(queues, "NotifyUndelivered", "NotifyQueue")
    cloud.drain()

    assert len(cloud.letters) == 1


@pytest.mark.feature(36)
@pytest.mark.parametrize("dead", ["OrdersDocumentsDeadLetters", "OrdersDocumentsUndelivered"])
def test_what_stood_in_a_line_stands_in_one_again(cloud, queues, dead):
    cloud.publish(placed())
    if dead == "OrdersDocumentsUndelivered":
        redrive.redrive(queues, "OrdersDocumentsDeadLetters", dead)

    assert redrive.redrive(queues, dead, "OrdersDocumentsQueue") == 1
    cloud.drain()

    assert len(cloud.messages("OrdersDocumentsDeadLetters")) == 1
