from datetime import UTC, datetime

import pytest

from common import ids, table
from common.language import Text
from orders.cart.cart import Code, Line, Trouble
from orders.catalogue.product import Kind, Product

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def line(quantity=3, price_minor=100):
    return Line("TEA-1", quantity, price_minor, Text("Чай", "Tea"), True, NOON)


def tea(available=10, price_minor=100):
    words = Text("Чай", "Tea")
    return Product("TEA-1", "tea", Kind.GOOD, words, words, price_minor, available)


@pytest.mark.feature(28)
@pytest.mark.parametrize(
    ("product", "troubles"),
    [
        (tea(), []),
        (tea(3), []),
        (tea(2), [Trouble(Code.ONLY_N_LEFT, available=2)]),
        (tea(0), [Trouble(Code.OUT_OF_STOCK, available=0)]),
        (None, [Trouble(Code.UNAVAILABLE)]),
        (tea(price_minor=90), [Trouble(Code.PRICE_CHANGED, old_minor=100, new_minor=90)]),
    ],
)
def test_a_line_knows_what_is_wrong_with_it(product, troubles):
    assert line().troubles(product, ()) == troubles


def test_both_stock_and_price_may_be_wrong():
    codes = [trouble.code for trouble in line().troubles(tea(1, 110), ())]

    assert codes == [Code.ONLY_N_LEFT, Code.PRICE_CHANGED]


def test_a_cart_lasts(cloud, shop, ann):
    shop.put(ann, "TEA-2", 2)
    shop.put(ann, "TEA-1")
    cloud.clock.advance(minutes=9)

    answer = shop.cart(ann, language="en")

    assert [(x["sku"], x["name"], x["quantity"]) for x in answer.body["lines"]] == [
        ("TEA-2", "Product TEA-2", 2),
        ("TEA-1", "Product TEA-1", 1),
    ]
    assert answer.body["lines"][0] | {"name": ""} == {
        "sku": "TEA-2",
        "name": "",
        "quantity": 2,
        "price_minor": 50_000,
        "total_minor": 100_000,
        "currency": "RUB",
        "available": 10,
        "problems": [],
    }


@pytest.mark.feature(50)
def test_a_cart_shows_how_far_it_is_to_free_delivery(shop, ann):
    shop.put(ann, "TEA-1", 2)
    assert shop.cart(ann).body["totals"] == {
        "goods_minor": 200_000,
        "discount_minor": 0,
        "delivery_minor": 29_900,
        "points_minor": 0,
        "total_minor": 229_900,
        "free_delivery_left_minor": 100_000,
        "currency": "RUB",
    }

    shop.put(ann, "TEA-1", 3)
    totals = shop.cart(ann).body["totals"]
    assert (totals["delivery_minor"], totals["free_delivery_left_minor"]) == (0, 0)


def test_a_service_alone_is_not_delivered(shop, ann):
    shop.put(ann, "WRAP", 1)

    totals = shop.cart(ann).body["totals"]
    assert (totals["total_minor"], totals["free_delivery_left_minor"]) == (29_000, 0)


@pytest.mark.feature(28)
def test_a_cart_says_what_is_wrong_with_its_lines(shop, ann, bob):
    shop.put(ann, "TEA-1", 3)
    shop.put(ann, "TEA-2", 2)
    shop.order(bob, "TEA-1", 8)
    shop.order(bob, "TEA-2", 10)
    shop.stock(shop.product("TEA-1", 110_000))

    nearly, gone = shop.cart(ann, language="en").body["lines"]

    assert [(p["code"], p["message"]) for p in nearly["problems"]] == [
        ("only_n_left", "Only 2 left."),
        ("price_changed", "The price has changed."),
    ]
    assert nearly["problems"][0]["available"] == 2
    prices = nearly["problems"][1]
    assert (prices["old_minor"], prices["new_minor"]) == (100_000, 110_000)
    assert nearly["total_minor"] == 330_000
    assert [p["code"] for p in gone["problems"]] == ["out_of_stock"]


def test_a_line_says_at_once_that_there_is_too_little(shop, ann):
    answer = shop.put(ann, "TEA-1", 11, language="ru")

    assert answer.status == 200
    assert answer.body["problems"][0]["message"] == "Осталось всего 10."


def test_an_empty_cart_is_a_cart(cloud, shop, ann):
    with cloud.counted() as calls:
        answer = shop.cart(ann)

    assert (answer.status, answer.body["lines"]) == (200, [])
    assert answer.headers["etag"] == '"0"'
    assert calls.trips == ["dynamodb.BatchGetItem"]


def test_a_cart_takes_two_round_trips(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    shop.put(ann, "TEA-2")
    with cloud.counted() as calls:
        shop.cart(ann)

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.BatchGetItem"]


def test_a_line_takes_two_round_trips_and_the_first_sets_the_timer(cloud, shop, ann):
    with cloud.counted() as first:
        shop.put(ann, "TEA-1")
    with cloud.counted() as second:
        shop.put(ann, "TEA-2")

    assert first.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert second.trips == ["dynamodb.BatchGetItem", "dynamodb.UpdateItem"]
    assert len([r for r in cloud.items("OrdersTable") if r["pk"].startswith("TIMER#")]) == 1


def test_a_line_can_be_taken_out_again_and_again(cloud, shop, ann):
    shop.put(ann, "TEA-1")
    for _ in range(2):
        path = "/v1/cart/lines/TEA-1"
        assert cloud.call("DELETE", path, token=ann.token).status == 204

    assert shop.cart(ann).body["lines"] == []


def test_an_unknown_product_does_not_enter_the_cart(shop, ann):
    answer = shop.put(ann, "NO-SUCH")

    assert answer.status == 404
    assert answer.body["type"] == "urn:kabinet:problem:unknown_product"


@pytest.mark.case("V2")
@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1.5", "true", '"1"', "1000", "9223372036854775808", "null", "1.0"]
)
def test_a_quantity_is_a_whole_number_from_1_to_999(cloud, shop, ann, quantity):
    body = f'{{"quantity": {quantity}}}'
    answer = cloud.call("PUT", "/v1/cart/lines/TEA-1", body, token=ann.token)

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == "body.quantity"
    assert shop.cart(ann).body["lines"] == []


@pytest.mark.case("V10", "V11")
@pytest.mark.parametrize(
    "body", [{}, {"quantity": 1, "price_minor": 1}, {"quantity": 1, "discount": 99}]
)
def test_a_client_says_how_many_and_nothing_else(cloud, shop, ann, body):
    assert cloud.call("PUT", "/v1/cart/lines/TEA-1", body, token=ann.token).status == 422


@pytest.fixture
def full_cart(cloud, shop, ann):
    """Sixty products in ann's cart; the shop sells one more."""
    skus = [f"PUER-{n:02}" for n in range(61)]
    for start in range(0, 61, 25):
        shop.stock(*(shop.product(sku, 100) for sku in skus[start : start + 25]))
    line = {"quantity": 1, "price_minor": 100, "name_ru": "Пуэр", "name_en": "Pu-erh"}
    line |= {"shipped": True, "grams": 500, "money": False, "added_at": NOON.isoformat()}
    row = {"pk": f"CUSTOMER#{ann.id}", "sk": "CART", "cart_id": ids.new(NOON), "version": 60}
    row |= {"lines": dict.fromkeys(skus[:60], line), "saved": {}, "gift": None}
    with cloud.acting("OrdersApi"):
        table.apply(table.put(row | {"updated_at": NOON.isoformat(), "armed": True}))


@pytest.mark.case("V13")
@pytest.mark.usefixtures("full_cart")
def test_a_cart_holds_sixty_products(shop, ann):
    refused = shop.put(ann, "PUER-60")

    assert (refused.status, refused.body["type"]) == (422, "urn:kabinet:problem:cart_full")
    assert shop.put(ann, "PUER-00", 2).status == 200


@pytest.mark.case("V13")
@pytest.mark.usefixtures("full_cart")
def test_sixty_products_are_bought_at_once(cloud, shop, ann):
    shop.grant(ann, 10)
    with cloud.counted() as calls:
        answer = shop.check_out(ann, points_to_spend=10)

    assert (answer.status, len(answer.body["lines"])) == (201, 60)
    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


def test_if_match_keeps_a_stale_page_from_changing_the_cart(cloud, shop, ann):
    fresh = shop.put(ann, "TEA-1").headers["etag"]
    shop.put(ann, "TEA-1", 2)

    stale = shop.put(ann, "TEA-1", 5, headers={"if-match": fresh})
    assert (stale.status, stale.body["type"]) == (412, "urn:kabinet:problem:version_conflict")
    path, headers = "/v1/cart/lines/TEA-1", {"if-match": fresh}
    assert cloud.call("DELETE", path, token=ann.token, headers=headers).status == 412

    etag = shop.cart(ann).headers["etag"]
    assert shop.put(ann, "TEA-1", 5, headers={"if-match": etag}).status == 200


def test_two_devices_do_not_lose_each_others_lines(shop, ann, between):
    shop.put(ann, "TEA-1")
    between("BatchGetItem", lambda: shop.put(ann, "TEA-2", 2))

    assert shop.put(ann, "WRAP").status == 200

    skus = [line["sku"] for line in shop.cart(ann).body["lines"]]
    assert skus == ["TEA-1", "TEA-2", "WRAP"]


def test_two_first_lines_at_once_make_one_cart(cloud, shop, ann, between):
    between("BatchGetItem", lambda: shop.put(ann, "TEA-2"))

    assert shop.put(ann, "TEA-1").status == 200

    assert len(shop.cart(ann).body["lines"]) == 2
    assert len([r for r in cloud.items("OrdersTable") if r["pk"].startswith("TIMER#")]) == 1


@pytest.mark.case("Z2", "Z3")
def test_nobody_sees_or_changes_another_customers_cart(shop, ann, bob):
    shop.put(ann, "TEA-1")
    shop.put(bob, "TEA-2")

    assert [line["sku"] for line in shop.cart(ann).body["lines"]] == ["TEA-1"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_cart_is_a_customers(cloud, shop, method):
    path = "/v1/cart" if method == "GET" else "/v1/cart/lines/TEA-1"
    body = {"quantity": 1} if method == "PUT" else None

    assert cloud.call(method, path, body).status == 401
    assert cloud.call(method, path, body, token=shop.agent.token).status == 403
