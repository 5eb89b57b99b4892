import pytest

from common import clock
from common.events.orders import OrderAssembling, OrderCancelled, OrderDelivered, OrderShipped
from orders.order import store

SOMEBODYS = "01980000-0000-7000-8000-000000000000"
PROBLEM = "urn:kabinet:problem:"


@pytest.fixture
def placed(shop, ann):
    return shop.order(ann, "TEA-1", 2)


def orders_day(cloud):
    with cloud.acting("OrdersApi"):
        return clock.today().isoformat()


def transitions(placed):
    return f"/v1/staff/orders/{placed['id']}/transitions"


@pytest.mark.feature(38)
def test_a_customer_follows_the_order_to_the_door(cloud, shop, ann, placed):
    for to in ("assembling", "shipped", "delivered"):
        cloud.clock.advance(minutes=1)
        assert shop.move(placed["id"], to).body["state"] == to

    order = shop.show(ann, placed["id"]).body
    assert [step["state"] for step in order["history"]] == [
        "placed",
        "assembling",
        "shipped",
        "delivered",
    ]
    assert sorted(step["at"] for step in order["history"]) == [
        step["at"] for step in order["history"]
    ]
    assert order["tracking_number"] == "RR123456785RU"
    assert (order["next_states"], order["can_cancel"]) == (["completed"], False)
    assert shop.on_shelf("TEA-1") == (8, 0)


def test_every_step_has_its_event(shop, ann, placed):
    for to in ("assembling", "shipped", "delivered"):
        shop.move(placed["id"], to)

    [assembling], [shipped] = shop.queued(OrderAssembling), shop.queued(OrderShipped)
    [delivered] = shop.queued(OrderDelivered)
    versions = [event.subject_version for event in (assembling, shipped, delivered)]
    assert versions == [2, 3, 4]
    assert shipped.tracking_number == "RR123456785RU"
    assert delivered.total_minor == 229_900
    assert {event.customer_id for event in (assembling, shipped, delivered)} == {ann.id}


def test_a_transition_takes_two_round_trips_and_the_entry_of_who_sees_it(cloud, shop, placed):
    with cloud.counted() as calls:
        shop.move(placed["id"], "assembling")

    assert calls.trips == ["dynamodb.Query", *["dynamodb.TransactWriteItems"] * 2]


@pytest.mark.case("I14")
@pytest.mark.feature(56)
def test_a_cancelled_order_gives_everything_back(shop, ann):
    shop.grant(ann, 100, "2028-01-01")
    shop.grant(ann, 100, "2029-01-01")
    order = shop.order(ann, "TEA-1", 2, points_to_spend=150)
    shop.move(order["id"], "assembling")

    answer = shop.move(order["id"], "cancelled")

    assert answer.body["state"] == "cancelled"
    assert shop.on_shelf("TEA-1") == (10, 0)
    assert shop.points(ann) == {"2028-01-01": 100, "2029-01-01": 100}
    [event] = shop.queued(OrderCancelled)
    assert event.points_returned == 150


def test_a_customer_cancels_what_nobody_works_on(cloud, shop, ann, placed):
    with cloud.counted() as calls:
        answer = shop.cancel(ann, placed["id"], key="the-same-key")
    again = shop.cancel(ann, placed["id"], key="the-same-key")

    assert (answer.status, answer.body["state"]) == (200, "cancelled")
    assert (again.status, again.body) == (200, answer.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert shop.on_shelf("TEA-1") == (10, 0)


@pytest.mark.case("I12")
def test_what_the_state_does_not_allow_is_refused(shop, ann, placed):
    early = shop.move(placed["id"], "delivered")
    assert (early.status, early.body["type"]) == (409, PROBLEM + "transition_not_allowed")
    assert early.body["next_states"] == ["assembling", "cancelled"]

    shop.move(placed["id"], "assembling")
    late = shop.cancel(ann, placed["id"])
    assert (late.status, late.body["state"]) == (409, "assembling")


def test_an_index_that_lags_behind_refuses_nothing(cloud, shop, placed, monkeypatch):
    with cloud.acting("OrdersApi"):
        as_placed = store.find_any(placed["id"])
    shop.move(placed["id"], "assembling")
    monkeypatch.setattr(store, "find_any", lambda _: as_placed)

    answer = shop.move(placed["id"], "shipped")

    assert (answer.status, answer.body["state"]) == (200, "shipped")


@pytest.mark.case("I2", "I3", "I5")
def test_a_repeated_transition_is_the_same_answer(cloud, shop, placed):
    first, again = (shop.move(placed["id"], "assembling", key="the-same-key") for _ in "12")
    body = {"to": "cancelled"}
    token = shop.agent.token
    other = cloud.call("POST", transitions(placed), body, token=token, key="the-same-key")

    assert (again.status, again.body) == (200, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert other.status == 422
    assert len(shop.queued(OrderAssembling)) == 1


@pytest.mark.case("V10")
@pytest.mark.parametrize(
    "body",
    [
        {"to": "shipped"},
        {"to": "assembling", "tracking_number": "RR1"},
        {"to": "placed"},
        {"to": "lost"},
        {"to": None},
        {},
        {"to": "shipped", "tracking_number": "x" * 65},
        {"to": "cancelled", "state": "delivered"},
    ],
    ids=str,
)
def test_a_transition_that_cannot_be_is_refused(cloud, shop, placed, body):
    token = shop.agent.token

    answer = cloud.call("POST", transitions(placed), body, token=token, key="key-12345")

    assert answer.status == 422


@pytest.mark.feature(40)
def test_a_customer_lists_orders_newest_first_in_one_round_trip(cloud, shop, ann, bob):
    shop.order(bob)
    orders = []
    for sku in ("TEA-1", "TEA-2", "WRAP"):
        cloud.clock.advance(seconds=1)
        orders.append(shop.order(ann, sku, 2))

    with cloud.counted() as calls:
        page = cloud.call("GET", "/v1/orders", token=ann.token, query={"limit": "2"}).body
    query = {"limit": "2", "cursor": page["next_cursor"]}
    rest = cloud.call("GET", "/v1/orders", token=ann.token, query=query).body

    listed = [order["id"] for order in page["items"] + rest["items"]]
    assert listed == [order["id"] for order in reversed(orders)]
    assert page["items"][0]["number"] == orders[-1]["number"]
    assert (page["items"][0]["quantity"], page["items"][0]["total_minor"]) == (2, 58_000)
    assert calls.trips == ["dynamodb.Query"]
    foreign = cloud.call("GET", "/v1/orders", token=bob.token, query=query)
    assert foreign.status == 422


@pytest.mark.feature(40)
def test_an_order_is_shown_in_one_round_trip(cloud, shop, ann, placed):
    with cloud.counted() as calls:
        answer = shop.show(ann, placed["id"])

    for words in ("message", "what_next", "when", "whom_to_ask"):
        placed.pop(words)
    assert (answer.status, answer.body) == (200, placed)
    assert calls.trips == ["dynamodb.GetItem"]


def test_an_order_that_is_as_it_was_is_not_sent_again(shop, ann, placed):
    etag = shop.show(ann, placed["id"], language="en").headers["etag"]
    unchanged = {"headers": {"if-none-match": etag}}

    same = shop.show(ann, placed["id"], language="en", **unchanged)
    assert (same.status, same.body, same.headers["etag"]) == (304, "", etag)
    assert shop.show(ann, placed["id"], language="ru", **unchanged).status == 200
    shop.move(placed["id"], "assembling")
    assert shop.show(ann, placed["id"], language="en", **unchanged).status == 200


@pytest.mark.case("Z2", "Z3")
def test_a_foreign_order_is_as_good_as_none(shop, bob, placed):
    foreign, missing = shop.show(bob, placed["id"]), shop.show(bob, SOMEBODYS)
    assert (foreign.status, foreign.body) == (missing.status, missing.body)
    assert foreign.status == 404

    foreign, missing = shop.cancel(bob, placed["id"]), shop.cancel(bob, SOMEBODYS)
    assert (foreign.status, foreign.body) == (missing.status, missing.body)
    assert foreign.status == 404


def test_the_staff_works_through_the_days_queue(cloud, shop, ann, bob):
    orders = []
    for person in (ann, bob, ann):
        cloud.clock.advance(seconds=1)
        orders.append(shop.order(person)["id"])
    shop.move(orders[1], "assembling")

    def queue(**query):
        answer = cloud.call("GET", "/v1/staff/orders", token=shop.agent.token, query=query)
        return [order["id"] for order in answer.body["items"]]

    with cloud.counted() as calls:
        assert queue() == [orders[0], orders[2]]
    assert calls.trips == ["dynamodb.Query"]
    assert queue(state="assembling") == [orders[1]]
    assert queue(day="2020-01-01") == []
    assert queue(day=orders_day(cloud)) == [orders[0], orders[2]]


def test_the_staff_sees_any_order_and_whose_it_is(cloud, shop, ann, placed):
    path = f"/v1/staff/orders/{placed['id']}"
    with cloud.counted() as calls:
        answer = cloud.call("GET", path, token=shop.agent.token)

    assert (answer.status, answer.body["customer_id"]) == (200, ann.id)
    assert calls.trips == ["dynamodb.Query", "dynamodb.TransactWriteItems"]


@pytest.mark.parametrize("query", [{"state": "lost"}, {"day": "yesterday"}, {"limit": "0"}])
def test_a_queue_that_cannot_be_is_refused(cloud, shop, query):
    answer = cloud.call("GET", "/v1/staff/orders", token=shop.agent.token, query=query)

    assert answer.status == 422


@pytest.mark.case("V9")
@pytest.mark.parametrize("order_id", [SOMEBODYS, "ffffffff-ffff-ffff-ffff-ffffffffffff"])
def test_an_order_that_never_was_is_not_there(cloud, shop, order_id):
    path = f"/v1/staff/orders/{order_id}"

    assert cloud.call("GET", path, token=shop.agent.token).status == 404
    assert shop.move(order_id, "assembling").status == 404


def test_customers_stay_out_of_the_staffs_rooms(cloud, ann, placed):
    for method, path in [
        ("GET", "/v1/staff/orders"),
        ("GET", f"/v1/staff/orders/{placed['id']}"),
        ("POST", transitions(placed)),
    ]:
        body = {"to": "assembling"} if method == "POST" else None
        answer = cloud.call(method, path, body, token=ann.token, key="key-12345")
        assert answer.status == 403


@pytest.mark.case("V4")
@pytest.mark.parametrize(
    "day", ["0", "1763856000", "20261123", "2026-W48-1", "2026-02-30", "٢٠٢٦-11-23"]
)
def test_a_day_that_is_none_is_refused(cloud, shop, day):
    answer = cloud.call("GET", "/v1/staff/orders", token=shop.agent.token, query={"day": day})

    assert answer.status == 422
    assert answer.body["errors"][0]["code"] == "no_such_day"
