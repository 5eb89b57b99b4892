"""Points for delivered orders: once each, whatever the bus does."""

import json
from collections import Counter
from datetime import timedelta

import boto3
import pytest

from common import ids
from common.events.loyalty import PointsAccrued
from common.events.returns import ReturnRefunded
from loyalty import consumer

pytestmark = pytest.mark.feature(56)


@pytest.fixture
def balance(cloud, ann):
    return lambda: cloud.call("GET", "/v1/loyalty", token=ann.token).body["available"]


def send(cloud, *messages):
    """Put raw *messages* on loyalty's queue, as the rule would, and let them arrive."""
    for message in messages:
        url = cloud.wiring.physical["LoyaltyQueue"]["Ref"]
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=message)
    cloud.drain()


def message(event, name=None, **detail):
    body = event.model_dump(mode="json") | detail
    return json.dumps({"detail-type": name or event.name, "detail": body})


def test_a_delivered_order_brings_points_and_says_so(cloud, ann, delivered, balance):
    order = delivered(total_minor=200_000)
    cloud.publish(order)

    assert balance() == 100
    [event] = cloud.published(PointsAccrued)
    assert (event.customer_id, event.order_id, event.number) == (ann.id, order.order_id, "K-1")
    assert (event.points, event.occurred_at) == (100, order.occurred_at)


@pytest.mark.case("E1", "I6")
@pytest.mark.parametrize("times", [2, 3])
def test_an_event_that_comes_again_pays_once(cloud, delivered, balance, times):
    order = delivered()
    cloud.publish(*[order] * times)

    assert balance() == 100
    assert len(cloud.published(PointsAccrued)) == 1


@pytest.mark.case("E8", "I6")
def test_an_event_replayed_after_a_year_pays_nothing(cloud, delivered, balance):
    order = delivered()
    cloud.publish(order)
    cloud.clock.advance(days=300)
    cloud.publish(order)

    assert len(cloud.published(PointsAccrued)) == 1


@pytest.mark.case("I6")
def test_another_event_about_the_same_order_pays_nothing(cloud, delivered, balance, noon):
    order = delivered()
    again = order.model_copy(
        update={"id": ids.new(noon), "occurred_at": order.occurred_at + timedelta(days=2)}
    )
    cloud.publish(order, again)

    assert balance() == 100
    assert len(cloud.published(PointsAccrued)) == 1


@pytest.mark.case("E2")
def test_orders_are_paid_in_whatever_order_they_are_told_of(cloud, delivered, balance, noon):
    early, late = delivered(total_minor=2_000), delivered(total_minor=4_000)
    cloud.publish(late, early, late)

    assert balance() == 3
    assert len(cloud.published(PointsAccrued)) == 2


def test_an_order_too_small_for_a_point_brings_nothing(cloud, delivered, balance):
    cloud.publish(delivered(total_minor=1_999))

    assert balance() == 0
    assert cloud.items("LedgerTable") == []
    assert cloud.published(PointsAccrued) == []


@pytest.mark.case("K6")
def test_the_day_of_expiry_is_counted_in_the_shops_zone(cloud, delivered, noon):
    # 22:30 in UTC is the next day in Moscow.
    cloud.publish(delivered(at=noon.replace(hour=22, minute=30)))

    [event] = cloud.published(PointsAccrued)
    assert event.expires_on == "2027-03-02"


@pytest.mark.case("E3", "E6")
def test_an_event_without_a_field_lands_in_the_dead_letters_whole(cloud, delivered, balance):
    poison = json.loads(message(delivered()))
    del poison["detail"]["total_minor"]
    send(cloud, json.dumps(poison), message(delivered()))

    assert balance() == 100
    assert cloud.messages("LoyaltyDeadLetters") == [poison]


@pytest.mark.case("E3")
def test_a_dead_letter_sent_again_pays_once(cloud, delivered, balance):
    order = delivered()
    send(cloud, message(order, name="orders.unheard_of.v1"))
    assert len(cloud.messages("LoyaltyDeadLetters")) == 1

    send(cloud, message(order), message(order))
    assert balance() == 100


@pytest.mark.case("E6")
def test_a_field_added_later_is_ignored(cloud, delivered, balance):
    send(cloud, message(delivered(), added_later={"x": [1]}))

    assert balance() == 100


@pytest.mark.case("E4")
def test_of_ten_messages_exactly_the_two_that_fail_come_back(cloud, delivered):
    def record(n):
        body = "not json" if n == 3 else message(delivered(), name="no.such.v1" if n == 7 else None)
        return {
            "messageId": str(n),
            "receiptHandle": str(n),
            "body": body,
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
        }

    batch = {"Records": [record(n) for n in range(10)]}
    for _ in range(2):
        answer = cloud.invoke("LoyaltyConsumer", batch)
        failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        assert failed == ["3", "7"]
        cloud.drain()
        assert len(cloud.published(PointsAccrued)) == 8


def test_an_accrual_takes_two_round_trips(cloud, delivered):
    with cloud.acting("LoyaltyConsumer"), cloud.counted() as calls:
        consumer.reward(delivered())

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert len(calls[-1].arguments["TransactItems"]) == 7


@pytest.mark.case("I14")
def test_the_whole_ledger_sums_to_zero_and_to_the_balances(cloud, delivered, balance):
    for total in (2_000, 40_000, 1_000):
        order = delivered(total_minor=total)
        cloud.publish(order, order)

    accounts = Counter()
    for row in cloud.items("LedgerTable"):
        for leg in row.get("legs", ()):
            accounts[leg["account"]] += sum(leg["lots"].values())
    assert sum(accounts.values()) == 0
    assert accounts["shop:points:issued"] == -balance() == -21


@pytest.mark.case("E2")
@pytest.mark.feature(42)
def test_points_of_goods_that_came_back_are_taken_whenever_they_are_told_of(
    cloud, ann, delivered, balance
):
    order = delivered()
    known = order.model_dump(include=set(ReturnRefunded.model_fields) - {"id"})
    back = {
        "id": ids.new(order.occurred_at),
        "return_id": ids.new(order.occurred_at),
        "return_number": "R-1",
    }
    sums = {"amount_minor": 100_000, "balance_minor": 0, "points_given": 0, "points_taken": 50}

    cloud.publish(ReturnRefunded(**known | back | sums), order)

    assert balance() == 50
