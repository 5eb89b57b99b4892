"""GET /v1/loyalty: points, their worth, expiry, rules and history."""

from datetime import timedelta

import pytest

from common import clock
from loyalty import consumer, store


@pytest.fixture
def loyalty(cloud, ann):
    def call(**options):
        return cloud.call("GET", "/v1/loyalty", **{"token": ann.token} | options)

    return call


def day(days):
    return (clock.now().astimezone(clock.shop_zone()).date() + timedelta(days=days)).isoformat()


@pytest.mark.feature(58)
def test_a_new_customer_has_no_points_and_sees_the_rules(loyalty):
    answer = loyalty(language="en")

    assert answer.status == 200
    assert answer.body == {
        "available": 0,
        "worth_minor": 0,
        "currency": "RUB",
        "lots": [],
        "next_expiry": None,
        "rules": {
            "earn_percent": 5,
            "point_minor": 100,
            "most_share_percent": 50,
            "lifetime_days": 365,
            "how_to_earn": "Every order you receive brings back 5% of what you paid in money,"
            " as points; every new tier brings more.",
            "how_to_spend": "Points pay for up to 50% of the goods. They are good for 365 days.",
        },
        "history": [],
    }


@pytest.mark.feature(58)
def test_the_rules_speak_russian_too(loyalty):
    rules = loyalty(language="ru").body["rules"]

    assert rules["how_to_earn"].startswith("За каждый полученный заказ")
    assert "50 %" in rules["how_to_spend"]


@pytest.mark.feature(56, 58)
def test_points_show_their_worth_and_where_they_came_from(cloud, loyalty, delivered):
    order = delivered(total_minor=200_000)
    cloud.publish(order)

    body = loyalty().body
    assert (body["available"], body["worth_minor"]) == (100, 10_000)
    [entry] = body["history"]
    assert (entry["kind"], entry["points"], entry["order_id"]) == ("accrual", 100, order.order_id)


@pytest.mark.feature(59)
def test_lots_show_their_last_day_soonest_first(cloud, loyalty, delivered):
    with cloud.acting("LoyaltyApi"):
        cloud.publish(delivered(total_minor=2_000))
        cloud.publish(delivered(total_minor=4_000, at=clock.now() - timedelta(days=100)))
        soon, late = day(265), day(365)

    body = loyalty().body
    assert body["lots"] == [
        {"points": 2, "worth_minor": 200, "expires_on": soon},
        {"points": 1, "worth_minor": 100, "expires_on": late},
    ]
    assert body["next_expiry"] == body["lots"][0]


@pytest.mark.case("K3")
@pytest.mark.feature(59)
def test_points_count_through_their_last_day_and_not_after(cloud, ann, delivered):
    cloud.publish(delivered())
    cloud.clock.advance(days=365)
    assert available(cloud) == {100}

    cloud.clock.advance(days=1)
    assert available(cloud) == {0}


def available(cloud):
    """What the account of the only customer holds today."""
    with cloud.acting("LoyaltyApi"):
        owners = {row["pk"].split(":")[1] for row in cloud.items("LedgerTable")}
        return {store.account(owner).available(clock.today()) for owner in owners}


@pytest.mark.case("Z3")
def test_nobody_sees_the_points_of_another(cloud, loyalty, delivered):
    cloud.publish(delivered())

    assert loyalty(token=cloud.customer().token).body["available"] == 0


@pytest.mark.case("Z1")
def test_points_are_for_signed_in_customers_only(cloud, loyalty):
    assert loyalty(token=None).status == 401
    assert loyalty(token="x.y.z").status == 401
    assert loyalty(token=cloud.staff("owner").token).status == 403


@pytest.mark.case("Z10")
def test_points_can_only_be_read_here(cloud, ann):
    answer = cloud.call("POST", "/v1/loyalty", {}, token=ann.token)

    assert (answer.status, answer.headers["allow"]) == (405, "GET")


def test_points_are_one_round_trip(cloud, loyalty, delivered):
    with cloud.acting("LoyaltyConsumer"):
        for _ in range(25):
            consumer.reward(delivered())

    with cloud.counted() as calls:
        body = loyalty().body
    assert calls.trips == ["dynamodb.Query"]
    assert (body["available"], len(body["history"])) == (2_900, 20)
