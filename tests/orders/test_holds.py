"""Money that is held and then is not: let go of by its bank, or given back before it was taken."""

import pytest

from common.events.orders import OrderCancelled, OrderDelivered, RefundMade

TOTAL = 100_000 + 29_900


@pytest.fixture
def paid(shop, ann):
    order = shop.order(ann, payment="card")["id"]
    assert shop.pay(ann, order, "tok_ok").body["status"] == "authorised"
    return order


def bank_lets_go(shop, order):
    return shop.hear(f"order.{order}.1", "void")


@pytest.mark.feature(31)
class TestAHoldThatItsBankEnded:
    @pytest.mark.case("T6")
    def test_calls_off_what_is_not_shipped_and_takes_nothing(self, shop, paid):
        shop.move(paid, "assembling")
        assert bank_lets_go(shop, paid).status == 200
        assert bank_lets_go(shop, paid).status == 200

        shop.minutes(2)
        assert shop.order_row(paid)["state"] == "cancelled"
        assert shop.move(paid, "shipped").status == 409
        assert shop.money(f"order:{paid}:money") == 0
        assert len(shop.queued(OrderCancelled)) == 1

    @pytest.mark.case("T6")
    def test_of_a_shipped_order_is_seen_and_not_asked_for_for_ever(self, shop, cloud, paid, capsys):
        shop.move(paid, "assembling")
        shop.move(paid, "shipped")
        bank_lets_go(shop, paid)
        shop.minutes(2)

        assert shop.order_row(paid)["bill"]["status"] == "failed"
        assert capsys.readouterr().out.count('"PaymentsDiffer":[1.0]') == 1
        assert [r for r in cloud.items("OrdersTable") if r.get("kind") == "payment.capture"] == []
        assert shop.move(paid, "delivered").status == 200
        assert shop.refund(paid).status == 409
        assert shop.money(f"order:{paid}:money") == 0

    def test_nobody_told_of_is_found_as_the_money_is_taken(self, shop, monkeypatch, paid):
        with monkeypatch.context() as deaf:
            deaf.setattr("orders.payments.webhooks.app._settle", lambda _: None)
            bank_lets_go(shop, paid)
        assert shop.at_provider(paid)["status"] == "void"
        shop.ship(paid)
        assert shop.order_row(paid)["bill"]["status"] == "failed"


@pytest.mark.feature(42)
class TestAnOrderOfWhichAllThatWasHeldWasGivenBack:
    @pytest.fixture
    def kept(self, shop, ann):
        """The card's part is given back before the order is shipped, the balance's is not."""
        shop.give_money(ann, 30_000)
        order = shop.order(ann, payment="card", balance_to_spend_minor=30_000)["id"]
        shop.pay(ann, order, "tok_ok")
        assert shop.refund(order, TOTAL - 30_000).status == 200
        shop.ship(order)
        return order

    def test_is_let_go_of_as_it_is_shipped(self, shop, kept):
        assert shop.at_provider(kept)["status"] == "void"
        assert shop.order_row(kept)["bill"]["status"] == "void"

    def test_gives_back_the_rest_like_any_other(self, shop, ann, kept):
        assert shop.refund(kept).status == 200
        assert shop.money(f"customer:{ann.id}:money") == 30_000
        assert [told.balance_minor for told in shop.queued(RefundMade)] == [0, 30_000]

    @pytest.mark.feature(56)
    def test_earns_by_what_stayed_paid(self, shop, kept):
        shop.move(kept, "delivered")
        assert [told.earning_minor for told in shop.queued(OrderDelivered)] == [30_000]
