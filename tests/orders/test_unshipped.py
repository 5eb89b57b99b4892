"""Orders of which nothing is shipped: gift cards, which need nobody's hands, and services."""

from datetime import timedelta

import pytest

from common import clock, ids
from common.events.orders import OrderDelivered, OrderPaid, OrderPlaced
from orders.order.bill import PaidInAdvance

WORTH, WRAPPING = 300_000, 29_000


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def buy(shop, ann):
    """An order of one piece, for which nobody said where to."""

    def order(sku, payment, **fields):
        if sku == "CARD-3000":
            shop.stock(shop.product(sku, WORTH, None, kind="gift_card"))
        return shop.order(ann, sku, payment=payment, delivery=None, **fields)

    return order


@pytest.fixture
def states(shop, ann):
    def of(order):
        return [step["state"] for step in shop.show(ann, order).body["history"]]

    return of


@pytest.fixture
def cards(shop, cloud, ann):
    """The worth of the gift cards of an order that were issued."""

    def of(order):
        cloud.drain()
        path = f"/v1/orders/{order}/gift-cards"
        answer = cloud.call("GET", path, token=shop.token(ann))
        return [card["amount_minor"] for card in answer.body["items"]]

    return of


@pytest.mark.feature(30)
class TestWhereTo:
    def test_is_asked_where_anything_is_shipped(self, shop, ann):
        shop.put(ann, "TEA-1")
        shop.put(ann, "WRAP")
        for query in (None, {"dry_run": "true"}):
            answer = shop.check_out(ann, delivery=None, query=query, language="en")
            [error] = answer.body["errors"]
            assert (answer.status, error["field"]) == (422, "body.delivery")
            assert error["message"] == "Say where the order is to go."

    def test_is_not_asked_of_the_rest(self, shop, ann):
        shop.put(ann, "WRAP")
        seen = shop.check_out(ann, delivery=None, query={"dry_run": "true"})
        assert (seen.status, seen.body["delivery"]) == (200, None)

        placed = shop.check_out(ann, delivery=None).body
        assert (placed["delivery"], placed["totals"]["delivery_minor"]) == (None, 0)
        assert shop.show(ann, placed["id"]).body["delivery"] is None

    def test_is_kept_where_a_service_is_to_be_done_somewhere(self, shop, ann):
        assert shop.order(ann, "WRAP")["delivery"]["address"] == "Москва, Арбат, 1"


@pytest.mark.feature(31)
class TestGiftCardsAlone:
    def test_are_there_once_the_bank_has_paid(self, shop, ann, buy, states, cards):
        order = buy("CARD-3000", "card")["id"]
        assert shop.pay(ann, order, "tok_ok").body["status"] == "authorised"
        assert cards(order) == []  # what is only held may yet be let go

        shop.minutes(2)
        assert cards(order) == [WORTH]
        assert states(order) == ["awaiting_payment", "paid", "delivered"]
        assert shop.show(ann, order).body["payment_status"] == "captured"
        assert shop.money(f"order:{order}:money") == WORTH

    def test_are_there_once_sbp_has_paid(self, shop, ann, buy, states, cards):
        order = buy("CARD-3000", "sbp")["id"]
        shop.pay(ann, order)
        assert shop.hear(f"order.{order}.1", "captured").status == 200
        shop.minutes()
        assert cards(order) == [WORTH]
        assert states(order) == ["awaiting_payment", "paid", "delivered"]

    def test_are_there_at_once_for_what_is_on_the_balance(self, shop, ann, buy, states, cards):
        shop.give_money(ann, WORTH)
        order = buy("CARD-3000", "balance")["id"]
        shop.minutes()
        assert cards(order) == [WORTH]
        assert states(order) == ["placed", "delivered"]

    def test_are_not_there_for_what_was_not_paid(self, shop, buy, states, cards):
        order = buy("CARD-3000", "card")["id"]
        shop.minutes(32)
        assert cards(order) == []
        assert states(order) == ["awaiting_payment", "cancelled"]

    def test_are_not_paid_in_cash(self, shop, ann):
        shop.stock(shop.product("CARD-3000", WORTH, None, kind="gift_card"))
        shop.put(ann, "CARD-3000")
        answer = shop.check_out(ann, delivery=None, language="en")
        assert problem(answer) == (409, "paid_in_advance")
        assert answer.body["title"] == PaidInAdvance.title["en"]

        shop.give_money(ann, WORTH)
        covered = shop.check_out(ann, delivery=None, balance_to_spend_minor=WORTH)
        assert covered.status == 201  # no cash is left to pay

        shop.put(ann, "CARD-3000")
        shop.put(ann, "TEA-1")
        assert shop.check_out(ann).status == 201  # whoever brings the tea takes the money

    def test_are_there_though_they_are_sold_no_more(self, shop, cloud, ann, buy, cards):
        order = buy("CARD-3000", "sbp")["id"]
        shop.pay(ann, order)
        path, body = "/v1/staff/products/CARD-3000", {"archived": True}
        assert cloud.call("PATCH", path, body, token=shop.manager.token).status == 200
        shop.hear(f"order.{order}.1", "captured")
        shop.minutes()
        assert cards(order) == [WORTH]

    def test_may_be_called_off_until_they_are_paid(self, shop, ann, buy, cards):
        order = buy("CARD-3000", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        assert problem(shop.refund(order, 1_000)) == (503, "busy")  # it is being taken this minute
        assert shop.cancel(ann, order).status == 200
        shop.minutes(2)
        assert shop.at_provider(order)["status"] == "void"
        assert cards(order) == []

    def test_may_not_be_called_off_once_they_are_there(self, shop, ann, buy, cards):
        order = buy("CARD-3000", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.minutes(2)
        assert problem(shop.cancel(ann, order)) == (409, "transition_not_allowed")
        assert cards(order) == [WORTH]

    def test_are_not_handed_out_while_their_money_is_only_held(self, shop, ann, buy, cards):
        order = buy("CARD-3000", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        assert problem(shop.move(order, "delivered")) == (503, "busy")
        assert cards(order) == []

    def test_are_not_there_when_all_was_given_back(self, shop, ann, buy, cards):
        shop.give_money(ann, WORTH)
        order = buy("CARD-3000", "balance")["id"]
        assert shop.refund(order).status == 200
        shop.minutes(2)
        assert cards(order) == []

    def test_do_not_come_by_a_schedule(self, shop, cloud, ann):
        shop.stock(shop.product("CARD-3000", WORTH, None, kind="gift_card"))
        body = {"items": [{"sku": "CARD-3000", "quantity": 1}], "every_weeks": 4}
        day = (clock.now() + timedelta(days=7)).date().isoformat()
        body |= {"next_on": day, "payment": "balance", "address_id": ids.new(clock.now())}
        path = "/v1/repeat-deliveries"
        answer = cloud.call("POST", path, body, token=ann.token, key=shop.key())
        assert problem(answer) == (409, "not_repeated")

    def test_say_what_comes_next(self, shop, ann, buy):
        shop.give_money(ann, WORTH)
        told = buy("CARD-3000", "balance", language="en")
        assert told["message"] == f"Thank you! We have your order {told['number']}."
        assert "codes" in told["what_next"]
        assert "a minute or two" in told["when"]
        due = buy("CARD-3000", "card", language="en")
        assert due["message"] == f"All that is left is to pay for order {due['number']}."
        assert "₽3,000 within 30 minutes" in due["what_next"]
        assert "goods" not in due["message"] + due["what_next"]


@pytest.mark.feature(26)
class TestServicesAlone:
    def test_are_done_without_being_packed(self, shop, buy, states):
        order = buy("WRAP", "cash_on_delivery")
        assert order["next_states"] == ["delivered", "cancelled"]
        assert problem(shop.move(order["id"], "assembling")) == (409, "transition_not_allowed")
        assert shop.move(order["id"], "delivered").status == 200
        assert states(order["id"]) == ["placed", "delivered"]
        assert shop.money(f"order:{order['id']}:money") == WRAPPING

    def test_are_charged_at_once(self, shop, ann, buy, states):
        """Not on the day they are done: the bank would have let the money go by then."""
        order = buy("WRAP", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.minutes()
        assert states(order) == ["awaiting_payment", "paid"]
        assert shop.at_provider(order)["status"] == "captured"

        shop.cloud.clock.advance(days=20)
        shop.minutes()
        assert states(order) == ["awaiting_payment", "paid"]

    def test_are_paid_back_when_they_are_called_off(self, shop, ann, buy):
        order = buy("WRAP", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.minutes()
        assert shop.cancel(ann, order).status == 200
        shop.minutes()
        assert shop.show(ann, order).body["refunded_minor"] == WRAPPING
        assert shop.at_provider(order)["refunded_minor"] == WRAPPING

    def test_tell_that_nothing_is_shipped(self, shop, ann, buy):
        order = buy("WRAP", "card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.minutes()
        shop.move(order, "delivered")
        told = [shop.queued(kind)[0].shipped for kind in (OrderPlaced, OrderPaid, OrderDelivered)]
        assert told == [False, False, False]
