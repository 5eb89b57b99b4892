"""Where parcels are: what carriers tell, what becomes of the order, and what customers see."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from common import clock
from common.events.orders import OrderCompleted, OrderDelivered, OrderReadyForPickup
from orders.completion import window
from orders.delivery import carrier, signature

PARCELS = [
    {"carrier": "express", "tracking_number": "EX-1"},
    {"carrier": "post", "tracking_number": "RR2"},
]
DAY = {"name": "У метро", "city": "Москва", "address": "Арбат, 10", "hours": "10-22"}
POINT = DAY | {"price_minor": 9_900, "days_min": 1, "days_max": 1}


class Carrier:
    """A carrier that tells the shop of its parcels."""

    def __init__(self, shop):
        self.shop, self.cloud = shop, shop.cloud

    def tell(self, status, number="EX-1", by="express", id_=None, ago=0, **how):
        at = clock.now() - timedelta(minutes=ago)
        told = {"id": id_ or f"{number}:{status}", "tracking_number": number, "status": status}
        body = json.dumps(told | {"at": at.isoformat(), "place": "Казань"})
        return self.send(body, by, **how)

    def send(self, body, by="express", late=0, secret=None):
        with self.cloud.acting("OrdersApi"):
            sent = clock.now() - timedelta(seconds=late)
            header = signature.signed(secret or carrier.key(), body, sent)
        headers = {signature.HEADER: header}
        return self.cloud.call("POST", f"/v1/carriers/{by}/events", body, headers=headers)


@pytest.fixture
def carriers(shop):
    return Carrier(shop)


@pytest.fixture
def sent(shop, ann):
    """The id of an order in two parcels of two carriers."""
    order_id = shop.order(ann)["id"]
    shop.move(order_id, "assembling")
    assert ship(shop, order_id).status == 200
    return order_id


@pytest.fixture
def to_fetch(shop, ann):
    """The id of an order that goes to a pick-up point."""
    path = "/v1/staff/pickup-points/arbat"
    assert shop.cloud.call("PUT", path, POINT, token=shop.manager.token).status < 300
    shop.put(ann, "TEA-1")
    body, token = {"point_id": "arbat"}, shop.token(ann)
    quoted = shop.cloud.call("POST", "/v1/delivery-quotes", body, token=token)
    [option] = quoted.body["options"]
    to = {"recipient": "Анна Ким", "quote_id": option["quote_id"]}
    order_id = shop.check_out(ann, delivery=to).body["id"]
    shop.move(order_id, "assembling")
    assert ship(shop, order_id).status == 200
    return order_id


def ship(shop, order_id, **body):
    path = f"/v1/staff/orders/{order_id}/transitions"
    asked = {"to": "shipped"} | (body or {"parcels": PARCELS})
    return shop.cloud.call("POST", path, asked, token=shop.agent.token, key=shop.key())


@pytest.mark.feature(38)
def test_a_customer_sees_each_parcel_and_where_it_is(shop, ann, sent, carriers):
    carriers.tell("accepted", ago=60)
    assert carriers.tell("in_transit").status == 200

    first, second = shop.show(ann, sent, language="ru").body["parcels"]

    assert (first["status"], first["words"], first["place"]) == ("in_transit", "В пути", "Казань")
    assert [told["status"] for told in first["tidings"]] == ["accepted", "in_transit"]
    assert (second["carrier"], second["status"]) == ("post", "handed_over")
    assert second["tidings"] == []


@pytest.mark.feature(38)
def test_the_last_parcel_brings_the_order_home(shop, ann, sent, carriers):
    carriers.tell("delivered")
    assert shop.show(ann, sent).body["state"] == "shipped"
    carriers.tell("delivered", "RR2", "post")

    shown = shop.show(ann, sent).body
    assert shown["state"] == "delivered"
    assert [event.order_id for event in shop.queued(OrderDelivered)] == [sent]
    assert shown["payment_status"] == "captured"  # it was paid at the door


@pytest.mark.feature(38)
def test_an_order_waits_at_its_point_for_a_week_and_a_letter_says_where(shop, ann, to_fetch):
    carriers = Carrier(shop)
    carriers.tell("ready_for_pickup")
    carriers.tell("ready_for_pickup", "RR2", "post")

    shown = shop.show(ann, to_fetch).body
    [told] = shop.queued(OrderReadyForPickup)
    assert (shown["state"], shown["next_states"]) == (
        "ready_for_pickup",
        ["delivered", "uncollected"],
    )
    assert told.place == shown["delivery"]["address"] == "Москва, Арбат, 10 (У метро)"
    assert told.kept_until == told.occurred_at + timedelta(days=7)
    carriers.tell("delivered")
    carriers.tell("delivered", "RR2", "post")
    assert shop.show(ann, to_fetch).body["state"] == "delivered"


def test_staff_may_say_that_it_waits_but_only_where_it_can(shop, to_fetch, sent):
    assert shop.move(to_fetch, "ready_for_pickup").body["kept_until"]
    refused = shop.move(sent, "ready_for_pickup")
    assert (refused.status, refused.body["next_states"]) == (409, ["delivered"])


@pytest.mark.case("E1", "E2", "I13")
def test_tidings_may_come_again_and_in_any_order(shop, ann, sent, carriers):
    carriers.tell("in_transit")
    carriers.tell("accepted", ago=30)
    version = shop.order_row(sent)["version"]
    for _ in range(2):
        assert carriers.tell("accepted", ago=30).status == 200
        assert carriers.tell("in_transit").status == 200

    [first, _] = shop.show(ann, sent).body["parcels"]
    assert [told["status"] for told in first["tidings"]] == ["accepted", "in_transit"]
    assert shop.order_row(sent)["version"] == version


@pytest.mark.case("E2")
def test_what_is_told_after_the_end_is_noted_and_moves_nothing(shop, ann, sent, carriers):
    shop.move(sent, "delivered")
    for number, by in (("EX-1", "express"), ("RR2", "post")):
        assert carriers.tell("delivered", number, by).status == 200

    shown = shop.show(ann, sent).body
    assert {parcel["status"] for parcel in shown["parcels"]} == {"delivered"}
    assert shown["state"] == "delivered"
    assert len(shop.queued(OrderDelivered)) == 1


def test_nothing_has_happened_later_than_it_is_told(shop, ann, sent, carriers):
    carriers.tell("in_transit", ago=-60)
    carriers.tell("out_for_delivery", ago=-30)

    [first, _] = shop.show(ann, sent).body["parcels"]
    assert all(told["at"] <= clock.now().isoformat() for told in first["tidings"])


@pytest.mark.case("I13")
def test_who_did_not_sign_or_long_ago_is_not_heard(shop, sent, carriers):
    before = shop.order_row(sent)

    for answer in (
        carriers.tell("delivered", secret=b"another"),
        carriers.tell("delivered", late=301),
        carriers.tell("delivered", late=-301),
        shop.cloud.call("POST", "/v1/carriers/express/events", "{}"),
    ):
        assert answer.status == 401

    assert shop.order_row(sent) == before


@pytest.mark.case("V4")
@pytest.mark.parametrize("body", ["", "[]", '{"id": "1"}', '{"id": 1e999}', "{"])
def test_what_is_no_tiding_is_refused(shop, sent, carriers, body):
    assert carriers.send(body).status == 422


@pytest.mark.case("V4")
def test_what_is_wrong_in_a_tiding_is_named(sent, carriers):
    [error] = carriers.tell("teleported").body["errors"]
    assert error["field"] == "body.status"


def test_what_is_told_of_no_parcel_of_ours_is_taken_note_of(shop, sent, carriers):
    before = shop.order_row(sent)

    assert carriers.tell("delivered", "EX-9").status == 200
    assert carriers.tell("delivered", "EX-1", by="post").status == 200

    assert shop.order_row(sent) == before


def test_two_orders_may_go_in_one_parcel(shop, ann, bob, carriers):
    orders = [shop.order(person)["id"] for person in (ann, bob)]
    for order_id in orders:
        shop.move(order_id, "assembling")
        ship(shop, order_id, parcels=PARCELS[:1])

    carriers.tell("delivered")

    assert [shop.order_row(id_)["state"] for id_ in orders] == ["delivered"] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"tracking_number": "RR1", "parcels": PARCELS},
        {"parcels": [PARCELS[0], PARCELS[0]]},
        {"parcels": []},
        {"parcels": [{"carrier": "EX", "tracking_number": "1"}]},
        {"parcels": [{"carrier": "post", "tracking_number": str(n)} for n in range(11)]},
    ],
)
def test_parcels_are_named_once_and_in_one_way(shop, ann, body):
    order_id = shop.order(ann)["id"]
    shop.move(order_id, "assembling")

    assert ship(shop, order_id, **body).status == 422


@pytest.mark.feature(39)
def test_who_watches_an_order_is_told_when_to_ask_again(shop, ann, sent, carriers):
    first = shop.show(ann, sent)
    known = {"If-None-Match": first.headers["etag"]}

    same = shop.show(ann, sent, headers=known)
    assert (same.status, same.headers["retry-after"]) == (304, "3")
    carriers.tell("in_transit")
    assert shop.show(ann, sent, headers=known).status == 200

    shop.move(sent, "delivered")
    there = shop.show(ann, sent)
    assert "retry-after" not in there.headers
    known = {"If-None-Match": there.headers["etag"]}
    assert shop.show(ann, sent, headers=known).status == 304


@pytest.mark.feature(39)
def test_to_watch_an_order_costs_one_read(cloud, shop, ann, sent):
    shop.show(ann, sent)
    with cloud.counted() as calls:
        shop.show(ann, sent)

    assert calls.trips == ["dynamodb.GetItem"]


@pytest.mark.case("K5")
def test_the_last_day_is_whole_though_clocks_are_put_back_in_between():
    berlin = ZoneInfo("Europe/Berlin")

    over = window.is_over(date(2026, 10, 20), 14, berlin)

    assert over == datetime(2026, 11, 4, tzinfo=berlin) == datetime(2026, 11, 3, 23, tzinfo=UTC)
    assert window.last_day(date(2026, 10, 20), 14) == date(2026, 11, 3)


class TestTheEnd:
    @pytest.fixture
    def over(self, cloud, shop, ann, sent):
        """Ann's order, delivered; then its last day but a minute passes."""
        shop.move(sent, "delivered")
        cloud.drain()
        cloud.clock.advance(days=14, hours=11, minutes=58)
        return sent

    @pytest.mark.case("K5", "E11")
    def test_comes_after_the_last_day_in_the_shops_zone(self, cloud, shop, ann, over):
        shop.minutes()
        assert shop.order_row(over)["state"] == "delivered"
        cloud.clock.advance(minutes=2)
        shop.minutes()

        assert shop.show(ann, over).body["state"] == "completed"
        assert shop.show(ann, over).body["next_states"] == []
        assert [event.order_id for event in shop.queued(OrderCompleted)] == [over]

    @pytest.mark.case("E1", "E8", "E11")
    def test_comes_once_however_often_or_late_it_is_asked_for(self, cloud, shop, ann, over):
        event = OrderDelivered(
            id=over, occurred_at=clock.now(), customer_id=ann.id, order_id=over,
            number="", total_minor=0, currency="RUB",
        )  # fmt: skip
        cloud.clock.advance(days=30)
        shop.minutes(2)
        cloud.publish(event)
        cloud.clock.advance(days=30)
        shop.minutes(2)

        assert len(shop.queued(OrderCompleted)) <= 1
        assert shop.order_row(over)["state"] == "completed"

    def test_leaves_no_way_from_a_parcel_to_the_order(self, cloud, shop, over, carriers):
        cloud.clock.advance(days=1)
        shop.minutes()

        assert not [r for r in cloud.items("OrdersTable") if r["pk"].startswith("PARCEL#")]
        version = shop.order_row(over)["version"]
        carriers.tell("in_transit")
        assert shop.order_row(over)["version"] == version


class TestTheLastTwoParcelsAtOnce:
    @pytest.fixture
    def race(self, at_once, shop, sent):
        def check(answers):
            assert [answer.status for answer in answers] == [200, 200]
            row = shop.order_row(sent)
            told = [len(parcel["tidings"]) for parcel in row["parcels"]]
            assert (row["state"], told) == ("delivered", [1, 1])
            assert len(shop.queued(OrderDelivered)) == 1

        carriers = Carrier(shop)
        tasks = [
            partial(carriers.tell, "delivered", one["tracking_number"], one["carrier"])
            for one in PARCELS
        ]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I12")
    def test_bring_the_order_home_once(self, race):
        race.every()

    def test_lose_one_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")
