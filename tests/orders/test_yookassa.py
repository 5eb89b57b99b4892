"""Paying through YooKassa: its API spoken against a YooKassa of our own."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

import yookassa_double as double
from common import clock, ids, pepper, table
from common.events.orders import OrderPaid
from orders.order.bill import Method, Status
from orders.payments import known_store
from orders.payments.provider import Charge, NoAnswer, Refund
from orders.payments.yookassa.client import Yookassa

TOTAL = 100_000 + 29_900
WEBHOOKS = "/v1/payments/webhooks/yookassa"


@pytest.fixture(scope="module")
def server():
    made = double.Server()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def bank(server, cloud, pays_through):
    """A shop whose provider is YooKassa, and the YooKassa that it asks."""
    pays_through("yookassa", shop_id=double.SHOP, secret_key=double.SECRET, url=server.url)
    return server.begin(lambda: datetime.now(UTC) + cloud.clock.read())


@pytest.fixture
def order(shop, ann):
    return shop.order(ann, payment="card")["id"]


@pytest.fixture
def sbp(shop, ann):
    return shop.order(ann, payment="sbp")["id"]


@pytest.fixture
def held(shop, ann, order):
    assert shop.pay(ann, order, "tok_ok").body["status"] == "authorised"
    return order


@pytest.fixture
def taken(shop, held):
    shop.ship(held)
    return held


@pytest.fixture
def hear(cloud):
    return lambda body: cloud.call("POST", WEBHOOKS, body)


@pytest.fixture
def yookassa(cloud):
    """The port itself, and something to be paid by it."""
    with cloud.acting("OrdersConsumer"):
        yield Yookassa()


@pytest.fixture
def asked(yookassa):
    reference = f"order.{ids.new(clock.now())}.1"
    return Charge(reference, Method.CARD, 1_000, "RUB", "tok_ok")


def state(shop, order):
    return shop.order_row(order)["state"]


@pytest.mark.feature(31)
class TestACard:
    def test_is_held_at_checkout_and_taken_when_the_parcel_leaves(self, shop, held, bank):
        assert bank.last["status"] == "waiting_for_capture"
        assert bank.last["amount"] == {"value": "1299.00", "currency": "RUB"}
        pepper._kept.clear()  # the consumer is a process of its own

        shop.ship(held)

        assert bank.last["status"] == "succeeded"
        assert shop.money(f"order:{held}:money") == TOTAL

    def test_pays_less_when_a_part_was_returned_before(self, shop, held, bank):
        shop.refund(held, 30_000)
        shop.ship(held)
        assert bank.last["amount"]["value"] == "999.00"
        assert shop.money(f"order:{held}:money") == TOTAL - 30_000

    def test_asks_for_3_d_secure_on_the_page_of_its_bank(self, shop, ann, order, bank, hear):
        answer = shop.pay(ann, order, double.ASKS).body
        assert answer["status"] == "pending"
        assert answer["payment_url"].startswith(double.BANK)

        bank.confirm()
        assert hear(bank.told("payment.waiting_for_capture")).status == 200

        assert state(shop, order) == "paid"

    def test_is_asked_for_on_yookassas_page_where_the_shop_has_none(self, shop, ann, order, bank):
        assert shop.pay(ann, order).body["payment_url"].startswith(double.BANK)
        bank.confirm()
        shop.minutes(2)
        assert state(shop, order) == "paid"

    def test_that_failed_3_d_secure_can_be_tried_anew(self, shop, ann, order, bank, hear):
        shop.pay(ann, order, double.ASKS)
        bank.confirm(success=False)
        hear(bank.told("payment.canceled"))
        assert shop.pay(ann, order, "tok_ok").body["status"] == "authorised"

    @pytest.mark.parametrize("token", [double.DECLINED, double.NONE])
    def test_that_is_declined_or_none_at_all_can_be_tried_anew(self, shop, ann, order, token):
        answer = shop.pay(ann, order, token)
        assert (answer.status, answer.body["status"]) == (200, "failed")
        assert state(shop, order) == "awaiting_payment"
        assert shop.pay(ann, order, "tok_ok").body["status"] == "authorised"

    def test_is_let_go_when_the_order_is_cancelled(self, shop, ann, held, bank):
        assert shop.cancel(ann, held).status == 200
        shop.minutes()
        assert bank.last["cancellation_details"]["party"] == "merchant"

    def test_that_is_held_no_longer_calls_off_its_order(self, shop, held, bank, hear):
        bank.expire()
        hear(bank.told("payment.canceled"))
        shop.minutes(2)
        assert (state(shop, held), shop.money(f"order:{held}:money")) == ("cancelled", 0)

    def test_that_is_held_no_longer_pays_for_nothing_that_left(self, shop, held, bank):
        bank.expire()
        shop.ship(held)
        assert shop.order_row(held)["bill"]["status"] == "failed"

    def test_pays_again_when_it_is_kept(self, shop, ann, order, bank, cloud):
        shop.pay(ann, order, "tok_ok", keep_card=True)
        path, token = "/v1/payment-methods", shop.token(ann)
        [kept] = cloud.call("GET", path, token=token).body["items"]
        assert (kept["brand"], kept["last4"], kept["expires"]) == ("Mir", "4242", "2030-12")

        other = shop.order(ann, payment="card")["id"]
        assert shop.pay(ann, other, keep_card=True).body["status"] == "authorised"

        first, last = (one["payment_method"]["id"] for one in bank.payments)
        assert first == last
        assert len(cloud.call("GET", path, token=token).body["items"]) == 1
        assert cloud.call("DELETE", f"{path}/{kept['id']}", token=token).status == 204
        shop.minutes()

    def test_that_somebody_else_keeps_cannot_be_named(self, shop, ann, bob, order, bank):
        shop.pay(ann, order, "tok_ok", keep_card=True)
        other, theirs = shop.order(bob, payment="card")["id"], bank.last["payment_method"]["id"]
        assert shop.pay(bob, other, f"kept/{theirs}").status == 422

    def test_tops_up_a_balance(self, shop, cloud, ann, bank):
        body = {"amount_minor": 10_001, "method": "card", "token": "tok_ok"}
        token, key = shop.token(ann), shop.key()
        answer = cloud.call("POST", "/v1/wallet/top-ups", body, token=token, key=key)
        assert (answer.status, answer.body["status"]) == (200, "captured")
        assert bank.last["amount"]["value"] == "100.01"
        assert shop.money(f"customer:{ann.id}:money") == 10_001


@pytest.mark.feature(31)
class TestARefund:
    def test_that_is_under_way_is_looked_at_until_it_is_there(self, shop, taken, bank):
        bank.refunds_begin = "pending"
        shop.refund(taken, 5_000)
        shop.minutes(5)
        assert shop.waiting("payment.refund") == 1

        bank.decide("succeeded")
        shop.minutes(3)

        assert not shop.waiting("payment.refund")
        assert len(bank.refunds) == 1

    @pytest.mark.parametrize("begins", ["pending", "canceled"])
    def test_that_is_cancelled_is_told_and_tried_anew(
        self, shop, cloud, taken, bank, capsys, begins
    ):
        bank.refunds_begin = begins
        shop.refund(taken, TOTAL)
        shop.minutes()
        if begins == "pending":
            bank.decide("canceled")
        shop.minutes(4)
        assert [one["status"] for one in bank.refunds] == ["canceled"]
        assert capsys.readouterr().out.count('"PaymentsDiffer":[1.0]') == 1

        bank.refunds_begin = "succeeded"
        for _ in range(3):
            cloud.clock.advance(hours=1)
            shop.minutes()

        assert [one["status"] for one in bank.refunds] == ["canceled", "succeeded"]
        assert bank.last["refunded_amount"]["value"] == "1299.00"
        assert not shop.waiting("payment.refund")

    def test_that_yookassa_refuses_is_told_and_tried_later(self, shop, cloud, taken, bank, capsys):
        bank.last["refunded_amount"] = {"value": "1299.00", "currency": "RUB"}  # by hand
        shop.refund(taken, 5_000)
        shop.minutes(5)
        assert shop.waiting("payment.refund") == 1
        assert capsys.readouterr().out.count('"PaymentsDiffer":[1.0]') == 1

    @pytest.mark.case("T6")
    def test_that_may_have_been_made_is_never_tried_under_another_key(self, shop, taken, bank):
        bank.loses = True
        shop.refund(taken, 5_000)
        shop.minutes()
        bank.broken = 401
        shop.minutes()
        bank.broken = 0
        bank.remembered.clear()
        shop.minutes(2)
        assert len(bank.refunds) == 1


@pytest.mark.feature(31)
class TestSbp:
    def test_gets_a_qr_code_and_is_paid_by_yookassas_word(self, shop, ann, sbp, bank, hear):
        assert shop.pay(ann, sbp).body["qr_payload"].startswith(double.QR)

        bank.confirm()
        assert hear(bank.told()).status == 200

        assert state(shop, sbp) == "paid"
        assert shop.money(f"order:{sbp}:money") == TOTAL

    def test_goes_back_when_the_order_is_cancelled(self, shop, ann, sbp, bank):
        shop.pay(ann, sbp)
        bank.confirm()
        shop.minutes(2)

        assert shop.cancel(ann, sbp).status == 200
        shop.minutes()

        assert bank.last["refunded_amount"]["value"] == "1299.00"

    def test_that_nobody_paid_in_time_can_be_tried_anew(self, shop, ann, sbp, bank):
        shop.pay(ann, sbp)
        bank.expire()
        shop.minutes(2)
        assert shop.order_row(sbp)["bill"]["status"] == "failed"
        assert shop.pay(ann, sbp).body["status"] == "pending"

    def test_that_is_paid_after_all_was_given_up_goes_back(self, shop, ann, sbp, bank, hear):
        shop.pay(ann, sbp)
        shop.minutes(32)
        assert (state(shop, sbp), bank.last["status"]) == ("cancelled", "pending")

        bank.confirm()
        hear(bank.told())
        shop.minutes()

        assert bank.last["refunded_amount"]["value"] == "1299.00"

    def test_that_is_paid_late_goes_back_though_nobody_tells(self, shop, ann, sbp, bank):
        shop.pay(ann, sbp)
        shop.minutes(32)
        bank.confirm()

        shop.minutes(4)

        assert bank.last["refunded_amount"]["value"] == "1299.00"

    def test_that_ends_unpaid_is_looked_at_no_longer(self, shop, cloud, ann, sbp, bank):
        shop.pay(ann, sbp)
        shop.minutes(32)
        bank.expire()
        shop.minutes(4)
        kinds = [row.get("kind") for row in cloud.items("OrdersTable")]
        assert "payment.void" not in kinds


@pytest.mark.feature(31)
def test_a_card_that_is_held_after_all_was_given_up_is_let_go(shop, ann, order, bank, hear):
    shop.pay(ann, order, double.ASKS)
    shop.minutes(32)
    assert state(shop, order) == "cancelled"

    bank.confirm()
    hear(bank.told("payment.waiting_for_capture"))
    shop.minutes()

    assert bank.last["status"] == "canceled"


@pytest.mark.feature(31)
@pytest.mark.case("I13")
class TestANotification:
    @pytest.fixture
    def confirmed(self, shop, ann, sbp, bank):
        shop.pay(ann, sbp)
        bank.confirm()
        return sbp

    @pytest.mark.case("E1")
    def test_counts_once(self, shop, confirmed, bank, hear):
        assert [hear(bank.told()).status for _ in range(3)] == [200] * 3
        assert len(shop.queued(OrderPaid)) == 1
        assert shop.money(f"order:{confirmed}:money") == TOTAL

    @pytest.mark.case("E2")
    def test_out_of_order_changes_nothing(self, shop, confirmed, bank, hear):
        hear(bank.told())
        assert hear(bank.told("payment.canceled")).status == 200
        assert state(shop, confirmed) == "paid"

    def test_that_says_more_than_is_true_is_not_believed(self, shop, ann, sbp, bank, hear):
        shop.pay(ann, sbp)
        assert hear(bank.told(about=bank.last | {"status": "succeeded"})).status == 200
        assert state(shop, sbp) == "awaiting_payment"

    @pytest.mark.parametrize(
        "forged",
        [
            {"id": "2f3b588d-000f-5000-8000-1d6e87c7fbde"},
            {"metadata": {}},
            {"metadata": {"reference": "order.another.1"}},
            {"id": "../refunds"},
            {"id": 7},
        ],
    )
    def test_that_is_forged_is_not_heard(self, shop, confirmed, bank, hear, forged):
        assert hear(bank.told(about=bank.last | forged)).status == 401
        assert state(shop, confirmed) == "awaiting_payment"

    @pytest.mark.parametrize("body", ["no json", "[]", "{}", '{"type": "notification"}'])
    @pytest.mark.case("V4")
    def test_that_cannot_be_read_is_not_heard(self, bank, hear, body):
        assert hear(body).status == 401
        assert not bank.asked

    def test_about_another_shop_of_the_account_changes_nothing(self, bank, hear, confirmed):
        bank.last["metadata"] = {"reference": "invoice 7"}
        assert hear(bank.told()).status == 200

    def test_of_a_refund_is_about_its_payment(self, shop, confirmed, bank, hear):
        about = {"id": str(ids.new(datetime.now(UTC))), "payment_id": bank.last["id"]}
        assert hear(bank.told("refund.succeeded", about)).status == 200
        assert state(shop, confirmed) == "paid"

    def test_before_the_answer_is_what_the_answer_tells(
        self, shop, ann, sbp, bank, hear, monkeypatch
    ):
        charge = Yookassa.charge

        def slow(self, wanted):
            seen = charge(self, wanted)
            bank.confirm()
            assert hear(bank.told()).status == 200
            return seen

        monkeypatch.setattr(Yookassa, "charge", slow)
        answer = shop.pay(ann, sbp)

        assert (answer.status, answer.body["status"]) == (200, "captured")
        assert len(shop.queued(OrderPaid)) == 1

    def test_finds_a_payment_whose_answer_was_lost(self, shop, ann, order, bank, hear):
        bank.loses = True
        shop.pay(ann, order, "tok_ok")
        assert hear(bank.told("payment.waiting_for_capture")).status == 200
        assert state(shop, order) == "paid"


@pytest.mark.feature(31)
@pytest.mark.case("T6")
class TestAYookassaThatDoesNotAnswer:
    def test_and_held_the_money_is_asked_what_it_did(self, shop, ann, order, bank):
        bank.loses = True
        assert shop.pay(ann, order, "tok_ok").body["status"] == "pending"

        shop.minutes(2)

        assert state(shop, order) == "paid"
        assert len(bank.payments) == 1

    @pytest.mark.parametrize("token", ["tok_ok", "tok_other", double.NONE])
    def test_and_held_the_money_never_holds_it_twice(self, shop, ann, order, bank, token):
        bank.loses = True
        shop.pay(ann, order, "tok_ok")
        assert shop.pay(ann, order, token).body["status"] == "authorised"
        assert len(bank.payments) == 1

    @pytest.mark.parametrize("fault", [{"drops": True}, {"broken": 500}, {"broken": 429}])
    def test_and_did_nothing_is_asked_again_by_the_same_name(self, shop, ann, order, bank, fault):
        vars(bank).update(fault)
        assert shop.pay(ann, order, "tok_ok").body["status"] == "pending"
        bank.broken = 0
        shop.minutes(2)
        assert state(shop, order) == "awaiting_payment"

        assert shop.pay(ann, order, "tok_other").body["status"] == "authorised"

        assert len(bank.payments) == 1

    def test_holds_up_nothing_that_does_not_need_it(self, shop, ann, bank, cloud):
        held = [shop.order(ann, payment="card")["id"] for _ in range(3)]
        for order in held:
            shop.pay(ann, order, "tok_ok")
        shop.order(ann, payment="sbp")
        bank.broken = 500
        for order in held:
            shop.cancel(ann, order)
        cloud.clock.advance(minutes=31)
        bank.asked.clear()

        shop.minutes()

        assert len(bank.asked) == 1
        assert shop.waiting("payment.void") == 3
        assert not shop.waiting("payment.due")

    def test_is_told_to_tell_again_later(self, shop, ann, sbp, bank, hear):
        shop.pay(ann, sbp)
        bank.confirm()
        told, bank.broken = bank.told(), 500
        assert hear(told).status == 503
        bank.broken = 0
        assert hear(told).status == 200
        assert state(shop, sbp) == "paid"

    def test_takes_what_is_held_as_soon_as_it_does(self, shop, held, bank):
        bank.broken = 500
        shop.ship(held)
        assert bank.last["status"] == "waiting_for_capture"
        bank.broken, bank.loses = 0, True

        shop.minutes(2)

        assert bank.last["status"] == "succeeded"
        assert shop.money(f"order:{held}:money") == TOTAL

    @pytest.mark.parametrize("status", [202, 429, 500, 502])
    def test_is_told_apart_from_one_that_says_no(self, yookassa, asked, bank, status):
        bank.broken = status
        with pytest.raises(NoAnswer):
            yookassa.charge(asked)

    def test_is_not_waited_for(self, yookassa, asked, monkeypatch):
        monkeypatch.setattr("orders.payments.yookassa.client.TIMEOUT_SECONDS", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            yookassa._terms.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(NoAnswer):
                yookassa.charge(asked)

    def test_and_does_not_know_the_shop_says_no(self, yookassa, asked, bank):
        bank.broken = 401
        with pytest.raises(ValueError, match="401"):
            yookassa.charge(asked)


@pytest.mark.feature(31)
class TestThePort:
    @pytest.mark.case("V3")
    def test_names_every_call_and_says_sums_in_figures(self, yookassa, asked, bank):
        yookassa.charge(asked)
        yookassa.capture(asked.reference, 705)
        yookassa.refund(asked.reference, 5, "some-key")

        posts = [one for one in bank.asked if one.method == "POST"]
        assert [one.body["amount"]["value"] for one in posts] == ["10.00", "7.05", "0.05"]
        assert [len(one.key) for one in posts] == [64] * 3
        assert len({one.key for one in posts}) == 3

    def test_makes_one_payment_of_one_reference(self, yookassa, asked, bank):
        first = yookassa.charge(asked)
        bank.remembered.clear()  # YooKassa remembers keys for a day
        assert yookassa.charge(asked) == first
        assert len(bank.payments) == 1

    @pytest.mark.case("I9")
    def test_refunds_once_what_is_asked_twice_in_a_week(self, shop, taken, bank, yookassa):
        reference = f"order.{taken}.1"
        for _ in range(2):
            assert yookassa.refund(reference, 700, "the same") is Refund.MADE
            bank.remembered.clear()
        seen = yookassa.find(reference)
        assert (seen.captured_minor, seen.refunded_minor) == (TOTAL, 700)

        yookassa.refund(reference, 700, "another")

        assert yookassa.find(reference).refunded_minor == 1_400
        assert yookassa.refund(reference, TOTAL, "too much") is Refund.FAILED

    def test_takes_and_shows_less_than_was_asked_for(self, yookassa, asked, bank):
        yookassa.charge(asked)
        for _ in range(2):
            seen = yookassa.capture(asked.reference, 700)
            bank.remembered.clear()
        assert seen.status is Status.CAPTURED
        assert (seen.amount_minor, seen.captured_minor) == (1_000, 700)
        assert yookassa.void(asked.reference) == seen

    def test_lets_go_once_of_what_is_held(self, yookassa, asked, bank):
        yookassa.charge(asked)
        for _ in range(2):
            assert yookassa.void(asked.reference).status is Status.VOID
            bank.remembered.clear()

    def test_shows_what_cannot_be_let_go_of_as_it_is(self, yookassa, asked):
        waiting = Charge(asked.reference, Method.CARD, 1_000, "RUB", double.ASKS)
        yookassa.charge(waiting)
        assert yookassa.void(asked.reference).status is Status.PENDING

    def test_knows_nothing_of_what_is_not_there(self, yookassa, asked):
        assert yookassa.find(asked.reference) is None
        assert yookassa.void(asked.reference).status is Status.VOID
        with pytest.raises(ValueError, match="not known"):
            yookassa.refund(asked.reference, 1, "some-key")

    def test_finds_what_was_lost_on_whatever_page_it_is(self, yookassa, asked, bank):
        bank.loses, bank.page = True, 2
        with pytest.raises(NoAnswer):
            yookassa.charge(asked)
        for n in range(2, 7):
            yookassa.charge(Charge(f"{asked.reference[:-2]}.{n}", Method.SBP, 100, "RUB"))

        assert yookassa.find(asked.reference).status is Status.AUTHORISED

        assert known_store.find(asked.reference) == bank.payments[0]["id"]


@pytest.mark.feature(31)
class TestTheNightlyComparison:
    @pytest.fixture
    def day(self, cloud):
        with cloud.acting("OrdersReconciliation"):
            return clock.today()

    @pytest.fixture
    def compared(self, cloud, day):
        def compare():
            pepper._kept.clear()  # it is a process of its own
            return cloud.invoke("OrdersReconciliation", {"day": day.isoformat()})

        return compare

    def test_looks_for_what_was_begun_on_another_day(self, cloud, taken, bank, day, compared):
        with cloud.acting("OrdersConsumer"):
            table.apply(table.delete(f"PAYMENT#order.{taken}.1", "PROVIDER"))
        bank.last["created_at"] = f"{day + timedelta(days=2)}T00:00:00.000Z"
        for _ in range(2):  # and knows it the second time
            assert compared() == {"compared": 1, "differences": 0}

    def test_finds_nothing_where_both_say_the_same(self, shop, taken, bank, compared):
        shop.refund(taken, 5_000)
        shop.minutes()
        assert bank.refunds
        assert compared() == {"compared": 1, "differences": 0}

    def test_finds_what_was_given_back_at_yookassa_by_hand(self, taken, bank, compared):
        bank.last["refunded_amount"] = {"value": "1.00", "currency": "RUB"}
        assert compared() == {"compared": 1, "differences": 1}

    def test_lists_what_was_begun_on_a_day_and_is_ours(self, yookassa, asked, bank, day):
        bank.page = 2
        names = [f"{asked.reference[:-2]}.{n}" for n in range(1, 6)]
        for name in [*names, "invoice-7"]:
            yookassa.charge(Charge(name, Method.SBP, 100, "RUB"))
        assert {one.reference for one in yookassa.made_on(day)} == set(names)
        assert not list(yookassa.made_on(day - timedelta(days=1)))
