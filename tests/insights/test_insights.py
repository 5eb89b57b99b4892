"""What happened, counted from events, as staff see it."""

import json
from datetime import UTC, datetime

import boto3
import pytest

from common import clock, ids
from common.events.auth import CustomerRegistered
from common.events.loyalty import PointsAccrued
from common.events.notify import MessageSent
from common.events.orders import OrderCancelled, OrderDelivered, OrderPlaced
from common.events.support import TicketOpened
from insights import consumer

CUSTOMER = "0198c0de-0000-7000-8000-00000000000a"
ORDER = {"customer_id": CUSTOMER, "order_id": "o-1", "number": "K-1"}
MONEY = {"total_minor": 100_000, "currency": "RUB"}
TICKET = {"ticket_id": "t-1", "number": "T-1", "category": "other", "order_id": None}
LETTER = {"message_id": "m-1", "letter": "welcome", "channel": "email"}
NOTHING = {
    "registrations": 0,
    "orders": 0,
    "orders_delivered": 0,
    "orders_cancelled": 0,
    "revenue_minor": 0,
    "average_order_minor": None,
    "points_accrued": 0,
    "letters": 0,
    "tickets": 0,
}


@pytest.fixture
def agent(cloud):
    return cloud.staff("agent")


@pytest.fixture
def summary(cloud, agent):
    def call(token=agent.token, **query):
        return cloud.call("GET", "/v1/staff/insights/summary", token=token, query=query)

    return call


@pytest.fixture
def happened(cloud):
    """Let insights' consumer react to events, without the bus."""

    def react(*events):
        with cloud.acting("InsightsConsumer"):
            for event in events:
                consumer.count(event)

    return react


def fact(kind, at=None, **fields):
    at = at or clock.now()
    return kind(id=ids.new(at), occurred_at=at, **fields)


def placed(at=None):
    return fact(OrderPlaced, at, **ORDER, **MONEY, points_spent=0, lines=())


def delivered(total_minor, at=None):
    return fact(OrderDelivered, at, **ORDER, **MONEY | {"total_minor": total_minor})


def a_purchase():
    return [
        fact(CustomerRegistered, customer_id=CUSTOMER),
        placed(),
        delivered(100_000),
        delivered(50_001),
        fact(OrderCancelled, **ORDER, **MONEY, points_returned=0),
        fact(PointsAccrued, **ORDER, points=75, expires_on="2027-03-01"),
        fact(MessageSent, customer_id=CUSTOMER, **LETTER),
        fact(TicketOpened, customer_id=CUSTOMER, **TICKET),
    ]


EXPECTED = {
    "registrations": 1,
    "orders": 1,
    "orders_delivered": 2,
    "orders_cancelled": 1,
    "revenue_minor": 150_001,
    "average_order_minor": 75_000,
    "points_accrued": 75,
    "letters": 1,
    "tickets": 1,
}


def test_everything_that_happens_is_counted(cloud, summary):
    cloud.publish(*a_purchase())

    body = summary().body
    assert body["totals"] == EXPECTED
    assert body["currency"] == "RUB"
    assert body["days"][-1] == {"day": body["last_day"], **EXPECTED}
    assert all(day == {"day": day["day"], **NOTHING} for day in body["days"][:-1])


@pytest.mark.case("E1", "E8")
@pytest.mark.parametrize("times", [2, 3])
def test_an_event_that_comes_again_counts_once(cloud, summary, times):
    cloud.publish(*[placed(), delivered(150_001)] * times)

    totals = summary().body["totals"]
    assert (totals["orders"], totals["revenue_minor"]) == (1, 150_001)


@pytest.mark.case("E8")
def test_an_event_replayed_after_months_counts_once_and_its_effect_row_never_expires(
    cloud, happened
):
    event = placed()
    happened(event)
    cloud.clock.advance(days=300)
    happened(event)

    rows = cloud.items("InsightsTable")
    assert [row["orders"] for row in rows if row["pk"] == "COUNTS"] == [1]
    assert not any("expires_at" in row for row in rows)


@pytest.mark.case("E2")
def test_the_order_in_which_events_arrive_does_not_matter(happened, summary):
    happened(*reversed(a_purchase()))

    assert summary().body["totals"] == EXPECTED


@pytest.mark.case("K6")
def test_a_day_is_the_shops_day(happened, summary):
    happened(placed(datetime(2026, 3, 1, 20, 59, tzinfo=UTC)))
    happened(placed(datetime(2026, 3, 1, 21, 0, tzinfo=UTC)))

    days = summary(**{"from": "2026-03-01", "to": "2026-03-02"}).body["days"]
    assert [(day["day"], day["orders"]) for day in days] == [("2026-03-01", 1), ("2026-03-02", 1)]


def test_days_outside_the_period_do_not_count(happened, summary):
    for day in (1, 2, 3, 4):
        happened(placed(datetime(2026, 3, day, 12, tzinfo=UTC)))

    body = summary(**{"from": "2026-03-02", "to": "2026-03-03"}).body
    assert body["totals"]["orders"] == 2
    assert (body["first_day"], body["last_day"]) == ("2026-03-02", "2026-03-03")


def test_a_summary_of_the_longest_period_is_one_round_trip(cloud, happened, summary):
    happened(*[placed(datetime(2028, month, 15, 12, tzinfo=UTC)) for month in (1, 6, 12)])

    with cloud.counted() as calls:
        body = summary(**{"from": "2028-01-01", "to": "2028-12-31"}).body
    assert calls.trips == ["dynamodb.Query"]
    assert (len(body["days"]), body["totals"]["orders"]) == (366, 3)


def test_counting_an_event_is_one_round_trip(cloud):
    with cloud.acting("InsightsConsumer"), cloud.counted() as calls:
        consumer.count(placed())

    assert calls.trips == ["dynamodb.TransactWriteItems"]


@pytest.mark.case("V12")
@pytest.mark.parametrize(
    "query",
    [
        {"from": ""},
        {"from": "yesterday"},
        {"from": "1700000000"},
        {"from": "2026-3-1"},
        {"from": "2026-02-30"},
        {"from": "0001-01-01"},
        {"to": "0001-01-01"},
        {"to": "9999-12-31"},
        {"to": "２０２６-01-01"},
        {"to": "2026-01-01T00:00:00Z"},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "2025-01-01", "to": "2026-01-02"},
        {"from": "2026-01-01,2026-01-02"},
    ],
)
def test_a_period_that_is_none_is_refused(summary, query):
    answer = summary(**query)

    assert (answer.status, answer.body["type"]) == (422, "urn:kabinet:problem:invalid")


@pytest.mark.case("Z1")
def test_the_summary_is_for_staff(cloud, summary):
    assert summary(token=None).status == 401
    assert summary(token=cloud.customer().token).status == 403
    assert summary(token=cloud.staff("owner").token).status == 200


def test_nothing_personal_is_kept(cloud, happened):
    happened(*a_purchase())

    assert CUSTOMER not in str(cloud.items("InsightsTable"))


@pytest.mark.case("E3", "E4", "E6")
def test_a_poison_event_lands_in_the_dead_letters_and_its_neighbours_count(cloud, summary):
    good, poison = placed(), placed().model_dump(mode="json")
    del poison["occurred_at"]
    url = cloud.wiring.physical["InsightsQueue"]["Ref"]
    for detail in (poison, good.model_dump(mode="json") | {"added_later": 1}):
        body = {"detail-type": OrderPlaced.name, "detail": detail}
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(body))
    cloud.drain()

    assert summary().body["totals"]["orders"] == 1
    [dead] = cloud.messages("InsightsDeadLetters")
    assert dead["detail"] == poison
