import pytest

from common import table
from common.events.orders import OrderPlaced

PROBLEM = "urn:kabinet:problem:"


@pytest.fixture
def tea(shop, ann):
    """Two packets of tea in ann's cart."""
    assert shop.put(ann, "TEA-1", 2).status == 200


@pytest.mark.feature(30, 53)
@pytest.mark.usefixtures("tea")
def test_a_checkout_places_the_order_and_says_what_happens_next(shop, ann):
    answer = shop.check_out(ann, language="en")

    order = answer.body
    assert answer.status == 201
    assert order["message"].startswith(f"Thank you! We have your order {order['number']}")
    assert (order["state"], order["next_states"]) == ("placed", ["assembling", "cancelled"])
    assert order["lines"] == [
        {
            "sku": "TEA-1",
            "name": "Product TEA-1",
            "quantity": 2,
            "price_minor": 100_000,
            "total_minor": 200_000,
            "discount_minor": 0,
            "paid_minor": 200_000,
            "tax_minor": 33_334,
        }
    ]
    assert order["totals"]["total_minor"] == 229_900
    assert order["payment"] == "cash_on_delivery"
    assert order["delivery"]["address"] == "Москва, Арбат, 1"
    assert shop.on_shelf("TEA-1") == (8, 2)
    assert shop.cart(ann).body["lines"] == []


@pytest.mark.usefixtures("tea")
def test_a_checkout_takes_two_round_trips(cloud, shop, ann):
    with cloud.counted() as calls:
        shop.check_out(ann)

    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]


@pytest.mark.feature(56)
@pytest.mark.usefixtures("tea")
def test_a_checkout_with_points_takes_two_round_trips_as_well(cloud, shop, ann):
    shop.grant(ann, 300)
    with cloud.counted() as calls:
        answer = shop.check_out(ann, points_to_spend=300)

    assert answer.body["points_spent"] == 300
    assert answer.body["totals"]["points_minor"] == 30_000
    assert answer.body["totals"]["total_minor"] == 199_900
    assert calls.trips == ["dynamodb.BatchGetItem", "dynamodb.TransactWriteItems"]
    assert shop.points(ann) == {}


@pytest.mark.usefixtures("tea")
def test_points_that_expire_soonest_are_spent_first(shop, ann):
    shop.grant(ann, 100, "2029-01-01")
    shop.grant(ann, 100, "2028-01-01")

    shop.check_out(ann, points_to_spend=150)

    assert shop.points(ann) == {"2029-01-01": 50}


@pytest.mark.usefixtures("tea")
def test_the_event_tells_what_was_bought(shop, ann):
    order = shop.check_out(ann).body

    [event] = shop.queued(OrderPlaced)
    assert (event.order_id, event.number) == (order["id"], order["number"])
    assert (event.customer_id, event.total_minor) == (ann.id, 229_900)
    [line] = event.lines
    assert (line.name_ru, line.name_en) == ("Товар TEA-1", "Product TEA-1")
    assert (line.quantity, line.total_minor) == (2, 200_000)


def test_a_service_is_sold_without_stock(cloud, shop, ann):
    shop.put(ann, "WRAP", 999)

    assert shop.check_out(ann).body["totals"]["delivery_minor"] == 0
    [row] = [r for r in cloud.items("OrdersTable") if r["pk"] == "PRODUCT#WRAP"]
    assert "available" not in row


@pytest.mark.case("I2", "I5")
@pytest.mark.usefixtures("tea")
def test_the_same_key_is_the_same_order(shop, ann):
    first, *others = [shop.check_out(ann, key="the-same-key") for _ in range(3)]

    for other in others:
        assert (other.status, other.body) == (first.status, first.body)
        assert other.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert shop.on_shelf("TEA-1") == (8, 2)
    assert len(shop.queued(OrderPlaced)) == 1


@pytest.mark.case("I2", "I5")
@pytest.mark.usefixtures("tea")
def test_the_same_key_is_the_same_order_though_the_cart_was_filled_again(shop, ann):
    first = shop.check_out(ann, key="the-same-key")
    shop.put(ann, "TEA-2")

    again = shop.check_out(ann, key="the-same-key")

    assert (again.status, again.body) == (201, first.body)
    assert [line["sku"] for line in shop.cart(ann).body["lines"]] == ["TEA-2"]


@pytest.mark.case("I2")
@pytest.mark.usefixtures("tea")
def test_a_twin_that_came_between_wins_and_is_the_answer(shop, ann, between):
    twins = []
    between("BatchGetItem", lambda: twins.append(shop.check_out(ann, key="the-same-key")))

    answer = shop.check_out(ann, key="the-same-key")

    assert (answer.status, answer.body) == (201, twins[0].body)
    assert answer.headers["idempotent-replayed"] == "true"
    assert len(shop.queued(OrderPlaced)) == 1


@pytest.mark.case("I3")
@pytest.mark.usefixtures("tea")
def test_the_same_key_with_another_body_is_refused(shop, ann, bob):
    shop.check_out(ann, key="the-same-key")

    other = shop.check_out(ann, key="the-same-key", points_to_spend=1)
    assert (other.status, other.body["type"]) == (422, PROBLEM + "idempotency_key_reused")

    shop.put(bob, "TEA-2")
    assert shop.check_out(bob, key="the-same-key").body["lines"][0]["sku"] == "TEA-2"


@pytest.mark.case("I5")
def test_a_refusal_is_remembered_under_its_key(shop, ann):
    first = shop.check_out(ann, key="the-same-key")
    shop.put(ann, "TEA-1")

    again = shop.check_out(ann, key="the-same-key")

    assert (first.status, first.body["type"]) == (409, PROBLEM + "cart_empty")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert shop.check_out(ann).status == 201


@pytest.mark.feature(28)
@pytest.mark.usefixtures("tea")
def test_what_is_gone_is_said_at_checkout_and_nothing_is_taken(shop, ann, bob):
    shop.put(ann, "TEA-2", 3)
    shop.order(bob, "TEA-1", 10)
    shop.order(bob, "TEA-2", 8)

    answer = shop.check_out(ann)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "out_of_stock")
    assert answer.body["lines"] == [
        {"sku": "TEA-1", "code": "out_of_stock", "available": 0},
        {"sku": "TEA-2", "code": "only_n_left", "available": 2},
    ]
    assert len(shop.cart(ann).body["lines"]) == 2


@pytest.mark.feature(28)
@pytest.mark.usefixtures("tea")
def test_how_many_are_left_is_said_at_checkout(shop, ann, bob):
    shop.order(bob, "TEA-1", 9)

    answer = shop.check_out(ann)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "only_n_left")
    assert answer.body["lines"] == [{"sku": "TEA-1", "code": "only_n_left", "available": 1}]


@pytest.mark.case("V11")
@pytest.mark.usefixtures("tea")
def test_a_new_price_is_told_before_it_is_paid(shop, ann):
    shop.put(ann, "WRAP")
    shop.stock(shop.product("TEA-1", 120_000), shop.product("WRAP", 30_000, None))

    refused = shop.check_out(ann, key="the-first-key")

    assert (refused.status, refused.body["type"]) == (409, PROBLEM + "price_changed")
    assert refused.body["lines"] == [
        {"sku": "TEA-1", "code": "price_changed", "old_minor": 100_000, "new_minor": 120_000},
        {"sku": "WRAP", "code": "price_changed", "old_minor": 29_000, "new_minor": 30_000},
    ]
    assert refused.body["total_minor"] == 240_000 + 30_000 + 29_900
    assert "idempotent-replayed" not in refused.headers

    again = shop.check_out(ann, key="the-first-key")
    assert (again.status, again.body) == (409, refused.body)
    paid = shop.check_out(ann)
    assert paid.status == 201
    assert paid.body["totals"]["total_minor"] == refused.body["total_minor"]


@pytest.mark.case("V11", "I5")
@pytest.mark.usefixtures("tea")
def test_a_price_that_moved_is_told_once_even_when_the_answer_was_lost(shop, ann, monkeypatch):
    genuine = table.commit

    def lost(*writes):
        genuine(*writes)
        raise RuntimeError("the function died here")

    shop.stock(shop.product("TEA-1", 120_000))
    with monkeypatch.context() as patch:
        patch.setattr(table, "commit", lost)
        assert shop.check_out(ann, key="the-first-key").status == 500

    assert shop.check_out(ann, key="the-first-key").body["type"] == PROBLEM + "price_changed"
    assert shop.check_out(ann).body["totals"]["goods_minor"] == 240_000


@pytest.mark.case("V11", "I10")
@pytest.mark.usefixtures("tea")
def test_a_cart_that_changed_while_prices_moved_keeps_the_old_ones(shop, ann, monkeypatch):
    genuine, edits = table.commit, [lambda: shop.put(ann, "WRAP")]

    def edited_when_refused(*writes):
        try:
            genuine(*writes)
        except table.ConditionFailed:
            if edits:
                edits.pop()()
            raise

    shop.stock(shop.product("TEA-1", 120_000))
    monkeypatch.setattr(table, "commit", edited_when_refused)

    assert shop.check_out(ann).body["type"] == PROBLEM + "price_changed"
    assert shop.check_out(ann).body["type"] == PROBLEM + "price_changed"
    assert shop.check_out(ann).status == 201


@pytest.mark.usefixtures("tea")
def test_points_pay_at_most_half_of_the_goods(shop, ann):
    shop.grant(ann, 5_000)

    answer = shop.check_out(ann, points_to_spend=1_001)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "too_many_points")
    assert answer.body["most_points"] == shop.cart(ann).body["most_points"] == 1_000
    assert shop.check_out(ann, points_to_spend=1_000).status == 201


@pytest.mark.usefixtures("tea")
def test_points_that_are_not_there_cannot_be_spent(shop, ann):
    shop.grant(ann, 10)
    shop.grant(ann, 500, "2020-01-01")

    answer = shop.check_out(ann, points_to_spend=11)

    assert (answer.status, answer.body["type"]) == (409, PROBLEM + "not_enough_points")
    assert (answer.body["available"], answer.body["needed"]) == (10, 11)


@pytest.mark.case("V2", "V10")
@pytest.mark.usefixtures("tea")
@pytest.mark.parametrize(
    "wrong",
    [
        {"payment": "gold"},
        {"payment": None},
        {"points_to_spend": -1},
        {"points_to_spend": 1.5},
        {"points_to_spend": True},
        {"total_minor": 1},
        {"delivery": {"recipient": "Анна", "phone": "89001234567", "address": "Москва"}},
        {"delivery": {"recipient": "Анна\nКим", "address": "Москва"}},
        {"delivery": {"recipient": "Анна"}},
        {"delivery": {"recipient": "Анна", "address": "x" * 201}},
    ],
    ids=str,
)
def test_a_checkout_that_cannot_be_is_refused(shop, ann, wrong):
    assert shop.check_out(ann, **wrong).status == 422
    assert len(shop.cart(ann).body["lines"]) == 1


@pytest.mark.parametrize("key", ["short", "x" * 129, "with space", None])
def test_a_checkout_needs_a_key(cloud, ann, key):
    answer = cloud.call("POST", "/v1/checkout", {}, token=ann.token, key=key)

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == "header.idempotency-key"


@pytest.mark.usefixtures("tea")
def test_an_ended_session_cannot_buy(cloud, shop, ann):
    from common import table

    with cloud.acting("AuthApi"):
        ended = table.update(f"SESSION#{ann.session_id}", "SESSION", assign={"ended_at": "now"})
        table.apply(ended)

    assert shop.check_out(ann).status == 401
    assert len(shop.cart(ann).body["lines"]) == 1


TOLD = {
    ("cash_on_delivery", "ru"): {
        "message": "Спасибо! Заказ {number} принят, товары уже отложены для вас.",
        "what_next": "Скоро начнём собирать его и напишем, когда он отправится.",
        "when": "Срок доставки сообщим, когда передадим заказ перевозчику.",
        "whom_to_ask": "Есть вопрос? Напишите в поддержку и назовите номер заказа — поможем.",
    },
    ("cash_on_delivery", "en"): {
        "message": "Thank you! We have your order {number} and set the goods aside for you.",
        "what_next": "We will pack it soon and write to you when it is on its way.",
        "when": "We will tell you the day once the carrier has it.",
        "whom_to_ask": "Any question? Write to support and name the order: we are glad to help.",
    },
    ("card", "ru"): {
        "message": "Товары отложены для вас. Осталось оплатить заказ {number}.",
        "what_next": "Оплатите 2\u00a0299\u00a0₽ в течение 30 минут: после этого мы снимем "
        "товары с резерва и вернём всё, чем вы уже заплатили.",
        "when": "Срок доставки сообщим, когда передадим заказ перевозчику.",
        "whom_to_ask": "Есть вопрос? Напишите в поддержку и назовите номер заказа — поможем.",
    },
    ("card", "en"): {
        "message": "The goods are set aside for you. All that is left is to pay for order "
        "{number}.",
        "what_next": "Pay ₽2,299 within 30 minutes: after that we let the goods go and give "
        "back all that you have paid with already.",
        "when": "We will tell you the day once the carrier has it.",
        "whom_to_ask": "Any question? Write to support and name the order: we are glad to help.",
    },
}


@pytest.mark.feature(53)
@pytest.mark.usefixtures("tea")
@pytest.mark.parametrize(("payment", "language"), TOLD)
def test_it_says_what_happened_what_is_next_when_and_whom_to_ask(shop, ann, payment, language):
    order = shop.check_out(ann, language=language, payment=payment).body

    words = TOLD[payment, language]
    told = {name: text.format(number=order["number"]) for name, text in words.items()}
    assert {name: order[name] for name in words} == told
