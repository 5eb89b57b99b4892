"""Gift cards: bought like goods, issued when they are paid, used once by whoever has the code."""

import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from common.events.orders import OrderDelivered
from common.events.wallet import GiftCardsIssued, WalletToppedUp
from orders.gift_cards import gift_card

WORTH = 300_000
UNKNOWN = "0000-0000-0000-0000"


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def order(shop, ann):
    """Two gift cards and a packet of tea, ordered."""
    shop.stock(shop.product("CARD-3000", WORTH, None, kind="gift_card"))
    shop.put(ann, "CARD-3000", 2)
    return shop.order(ann)["id"]


@pytest.fixture
def arrive(shop, deliver):
    """The order arrives, and is heard to have: so many times."""

    def hear(order, times=1):
        for to in ("assembling", "shipped", "delivered"):
            assert shop.move(order, to).status == 200
        [told] = shop.queued(OrderDelivered)
        for _ in range(times):
            assert deliver("OrdersConsumer", told)() == {"batchItemFailures": []}

    return hear


@pytest.fixture
def codes(shop, cloud, ann, order, arrive):
    arrive(order)
    return [card["code"] for card in cards(shop, cloud, ann, order)]


@pytest.fixture
def use(shop, cloud):
    def call(person, code, key=None):
        token = shop.token(person)
        key = key or shop.key()
        return cloud.call("POST", "/v1/wallet/gift-cards", {"code": code}, token=token, key=key)

    return call


def cards(shop, cloud, person, order):
    path = f"/v1/orders/{order}/gift-cards"
    return cloud.call("GET", path, token=shop.token(person)).body["items"]


def balance(shop, cloud, person):
    return cloud.call("GET", "/v1/wallet", token=shop.token(person)).body["available_minor"]


@pytest.mark.feature(31)
class TestAGiftCard:
    def test_is_issued_when_its_order_is_delivered_and_paid(self, shop, cloud, ann, order, arrive):
        assert cards(shop, cloud, ann, order) == []

        arrive(order)

        issued = cards(shop, cloud, ann, order)
        assert [(card["amount_minor"], card["used_at"]) for card in issued] == [(WORTH, None)] * 2
        assert len({card["code"] for card in issued}) == 2
        assert all(re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", card["code"]) for card in issued)

    @pytest.mark.case("E1")
    def test_is_told_of_once_with_all_of_its_order(self, shop, cloud, ann, order, arrive):
        arrive(order, times=3)
        [told] = shop.queued(GiftCardsIssued)
        assert (told.order_id, told.count, told.amount_minor) == (order, 2, 2 * WORTH)
        assert len(cards(shop, cloud, ann, order)) == 2

    def test_puts_its_money_on_the_balance_of_whoever_has_it(self, shop, cloud, bob, codes, use):
        answer = use(bob, codes[0])
        assert (answer.status, answer.body) == (200, {"amount_minor": WORTH, "currency": "RUB"})
        assert balance(shop, cloud, bob) == WORTH

        [noted] = cloud.call("GET", "/v1/transactions", token=shop.token(bob)).body["items"]
        assert (noted["kind"], noted["amount_minor"]) == ("gift_card", WORTH)
        assert len(shop.queued(WalletToppedUp)) == 1

    @pytest.mark.feature(36)
    def test_is_among_the_movements_of_a_statement(self, shop, cloud, bob, codes, use):
        use(bob, codes[0])
        with cloud.acting("OrdersDocumentsApi"):
            day = clock.today().isoformat()
        cloud.clock.advance(days=1)
        token, days = shop.token(bob), {"first": day, "last": day}
        path = "/v1/documents/statements"
        asked = cloud.call("POST", path, days, token=token, key=shop.key())
        cloud.drain()
        [made] = cloud.call("GET", "/v1/documents", token=token).body["items"]
        assert (made["id"], made["total_minor"]) == (asked.body["id"], WORTH)

    @pytest.mark.feature(56)
    def test_earns_nothing_when_it_is_bought(self, shop, order, arrive):
        arrive(order)
        [told] = shop.queued(OrderDelivered)
        assert told.earning_minor == told.total_minor - 2 * WORTH

    def test_pays_for_an_order_together_with_points_and_a_card(self, shop, cloud, bob, codes, use):
        use(bob, codes[0])
        shop.grant(bob, 100)
        parts = {"points_to_spend": 100, "balance_to_spend_minor": 50_000}
        paid = shop.order(bob, payment="card", **parts)
        assert balance(shop, cloud, bob) == WORTH - 50_000
        assert paid["payment_due"]["amount_minor"] == 129_900 - 10_000 - 50_000

    @pytest.mark.feature(67)
    def test_is_not_bought_cheaper_nor_with_points(self, shop, cloud, ann):
        path = "/v1/staff/coupons/HALF"
        cloud.call("PUT", path, {"percent": 50}, token=shop.manager.token)
        cloud.drain()
        shop.stock(shop.product("CARD-3000", WORTH, None, kind="gift_card"))
        shop.put(ann, "CARD-3000")
        shop.put(ann, "TEA-1")
        cloud.call("PUT", "/v1/cart/coupon", {"code": "HALF"}, token=ann.token)
        cart = shop.cart(ann).body
        assert (cart["totals"]["discount_minor"], cart["most_points"]) == (50_000, 250)
        shop.grant(ann, 250)
        lines = shop.check_out(ann, points_to_spend=250).body["lines"]
        paid = {line["sku"]: line["paid_minor"] for line in lines}
        assert paid == {"CARD-3000": WORTH, "TEA-1": 25_000}

    def test_is_used_once(self, shop, cloud, ann, bob, codes, order, use):
        assert use(bob, codes[0]).status == 200
        assert problem(use(bob, codes[0])) == (409, "gift_card_used")
        assert problem(use(ann, codes[0])) == (409, "gift_card_used")
        assert balance(shop, cloud, bob) == WORTH
        assert [c["used_at"] is None for c in cards(shop, cloud, ann, order)].count(True) == 1

    def test_of_the_same_key_answers_the_same(self, shop, cloud, bob, codes, use):
        first, again = (use(bob, codes[0], key="the-very-same-key") for _ in range(2))
        assert first.body == again.body
        assert balance(shop, cloud, bob) == WORTH

    @pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " ")])
    def test_is_read_however_it_is_typed(self, bob, codes, use, typed):
        assert use(bob, typed(codes[0])).status == 200

    def test_that_nobody_issued_is_unknown(self, bob, use):
        assert problem(use(bob, UNKNOWN)) == (404, "unknown_gift_card")

    @pytest.mark.parametrize("typed", ["", "short", "x" * 41, "Ж" * 16, "0000_0000_0000_0000"])
    def test_that_is_no_code_is_refused(self, bob, use, typed):
        assert use(bob, typed).status == 422

    def test_is_not_guessed(self, bob, codes, use):
        for _ in range(10):
            assert use(bob, UNKNOWN).status == 404
        assert use(bob, codes[0]).status == 429

    def test_is_not_shown_to_others(self, shop, cloud, bob, order, codes):
        path = f"/v1/orders/{order}/gift-cards"
        assert cloud.call("GET", path, token=shop.token(bob)).status == 404

    @pytest.mark.case("I9")
    def test_stays_paid_for_once_it_is_issued(self, shop, cloud, ann, order, codes):
        rest = shop.order_row(order)["totals"]["total_minor"] - 2 * WORTH
        refused = shop.refund(order, rest + 1)
        assert (*problem(refused), refused.body["most_minor"]) == (409, "more_than_paid", rest)

        assert shop.refund(order, reason="shop_failed").body["refunded_minor"] == rest
        assert (*problem(shop.refund(order)), 0) == (409, "more_than_paid", 0)

    def test_is_not_issued_for_what_went_back(self, shop, cloud, ann, order, arrive):
        shop.give_money(ann, 4 * WORTH)
        shop.put(ann, "CARD-3000", 1)
        paid = shop.order(ann, payment="balance")["id"]
        assert shop.refund(paid).status == 200
        arrive(paid)
        assert cards(shop, cloud, ann, paid) == []

    def test_whose_order_was_cancelled_never_was(self, shop, cloud, ann, order):
        assert shop.cancel(ann, order).status == 200
        assert cards(shop, cloud, ann, order) == []


class TestTwoWhoUseOneCard:
    @pytest.fixture
    def race(self, shop, cloud, ann, bob, codes, use, at_once):
        def check(answers):
            assert sorted(answer.status for answer in answers) == [200, 409]
            assert balance(shop, cloud, ann) + balance(shop, cloud, bob) == WORTH
            assert len(shop.queued(WalletToppedUp)) == 1

        tasks = [partial(use, person, codes[0], f"the-key-of-{person.id}") for person in (ann, bob)]
        return at_once(*tasks, check=check)

    @pytest.mark.feature(31)
    def test_get_its_money_once(self, race):
        race.every()

    def test_get_it_twice_when_it_is_looked_at_first(self, race):
        race.catches("GIFT-CARD#", "ACCOUNT#gift-card")


@given(st.binary(min_size=32, max_size=32))
def test_a_code_is_read_as_it_was_written(secret):
    written = gift_card.code(secret)
    assert gift_card.read(written) == written.replace("-", "")
    assert gift_card.read(written.lower().replace("-", " ").replace("0", "o")) == gift_card.read(
        written
    )
