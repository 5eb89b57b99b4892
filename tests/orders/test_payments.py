"""Paying for an order: through the provider, with its webhooks, timers, and what goes back."""

import inspect

import pytest

from common import timers
from common.events.orders import (
    OrderCancelled,
    OrderFailed,
    OrderPaid,
    OrderPlaced,
    PaymentFailed,
    RefundMade,
)
from orders.consumer import DUE

TOTAL = 100_000 + 29_900
TOP_UP = {"amount_minor": 10_000, "method": "sbp"}


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def card(shop, ann):
    return shop.order(ann, payment="card")["id"]


@pytest.fixture
def sbp(shop, ann):
    return shop.order(ann, payment="sbp")["id"]


@pytest.fixture
def paid(shop, ann, card):
    assert shop.pay(ann, card, "tok_ok").body["status"] == "authorised"
    return card


@pytest.mark.feature(31)
class TestAnOrderToBePaid:
    def test_waits_for_its_payment_with_everything_held(self, shop, ann):
        shop.grant(ann, 100)
        order = shop.order(ann, payment="card", points_to_spend=100)

        assert order["state"] == "awaiting_payment"
        assert order["payment_due"]["amount_minor"] == TOTAL - 10_000
        assert shop.show(ann, order["id"]).body["payment_due"] == order["payment_due"]
        assert "minutes" in order["what_next"] or "минут" in order["what_next"]
        assert (shop.on_shelf("TEA-1"), shop.points(ann)) == ((9, 1), {})
        assert shop.queued(OrderPlaced)[0].awaiting_payment

    def test_is_given_up_after_half_an_hour(self, shop, ann):
        shop.grant(ann, 100)
        shop.give_money(ann, 5_000)
        more = {"points_to_spend": 100, "balance_to_spend_minor": 5_000}
        order = shop.order(ann, payment="card", **more)["id"]
        assert shop.money(f"customer:{ann.id}:money") == 0

        shop.minutes(30)
        assert shop.order_row(order)["state"] == "awaiting_payment"
        shop.minutes()

        assert shop.order_row(order)["state"] == "cancelled"
        assert (shop.on_shelf("TEA-1"), shop.points(ann)) == ((10, 0), {"2030-01-01": 100})
        assert shop.money(f"customer:{ann.id}:money") == 5_000
        assert len(shop.queued(OrderCancelled)) == 1

    def test_cannot_be_packed(self, shop, card):
        answer = shop.move(card, "assembling")
        assert problem(answer) == (409, "transition_not_allowed")

    def test_is_not_for_staff_to_call_paid(self, shop, card):
        assert shop.move(card, "paid").status == 422


@pytest.mark.feature(31)
class TestACard:
    def test_is_held_at_once_and_charged_when_the_order_is_on_its_way(self, shop, paid):
        assert shop.order_row(paid)["state"] == "paid"
        assert shop.queued(OrderPaid)[0].amount_minor == TOTAL
        assert shop.money(f"order:{paid}:money") == 0

        shop.ship(paid)

        assert shop.at_provider(paid)["captured_minor"] == TOTAL
        assert shop.money(f"order:{paid}:money") == TOTAL

    def test_that_is_declined_can_be_tried_anew(self, shop, ann, card):
        answer = shop.pay(ann, card, "tok_declined")

        assert (answer.status, answer.body["status"]) == (200, "failed")
        assert len(shop.queued(PaymentFailed)) == 1
        assert shop.pay(ann, card, "tok_ok").body["status"] == "authorised"
        assert shop.at_provider(card, 1)["status"] == "failed"
        assert shop.at_provider(card, 2)["status"] == "authorised"

    def test_that_asks_for_3d_secure_gets_a_page_for_it(self, shop, ann, card):
        answer = shop.pay(ann, card, "tok_3ds")
        assert answer.body["status"] == "pending"
        assert answer.body["payment_url"].startswith("https://")

        assert shop.hear(f"order.{card}.1", "authorised").status == 200
        assert shop.order_row(card)["state"] == "paid"

    def test_is_let_go_when_its_order_is_cancelled(self, shop, ann, paid):
        assert shop.cancel(ann, paid).body["payment_status"] == "void"
        shop.minutes()

        assert shop.at_provider(paid)["status"] == "void"
        assert shop.queued(RefundMade)[0].amount_minor == TOTAL

    def test_is_let_go_with_its_order_before_the_bank_does(self, shop, paid):
        shop.cloud.clock.advance(days=6)
        shop.minutes(2)

        assert shop.order_row(paid)["state"] == "cancelled"
        assert shop.at_provider(paid)["status"] == "void"

    def test_of_a_shipped_order_outlives_the_bank(self, shop, paid):
        shop.ship(paid)
        shop.cloud.clock.advance(days=6)
        shop.minutes()
        assert shop.order_row(paid)["state"] == "shipped"

    def test_that_is_held_after_all_was_given_up_is_let_go(self, shop, ann, card, monkeypatch):
        from orders.payments.sandbox_store import Sandbox

        shop.pay(ann, card, "tok_3ds")
        with monkeypatch.context() as slow:
            slow.setattr(Sandbox, "void", Sandbox.find)
            shop.minutes(32)
        assert shop.order_row(card)["state"] == "cancelled"

        shop.hear(f"order.{card}.1", "authorised")
        assert shop.at_provider(card)["status"] == "authorised"
        shop.minutes()

        assert shop.at_provider(card)["status"] == "void"


@pytest.mark.feature(31)
class TestSbp:
    def test_gets_a_qr_code_and_is_paid_by_the_banks_word(self, shop, ann, sbp):
        answer = shop.pay(ann, sbp)
        assert answer.body["qr_payload"].startswith("https://qr.nspk.ru/")

        assert shop.hear(f"order.{sbp}.1", "captured").status == 200

        assert shop.order_row(sbp)["state"] == "paid"
        assert shop.money(f"order:{sbp}:money") == TOTAL

    def test_goes_back_when_the_order_is_cancelled(self, shop, ann, sbp):
        shop.pay(ann, sbp)
        shop.hear(f"order.{sbp}.1", "captured")

        assert shop.cancel(ann, sbp).status == 200
        shop.minutes()

        assert shop.at_provider(sbp)["refunded_minor"] == TOTAL
        assert shop.money(f"order:{sbp}:money") == 0
        assert shop.queued(RefundMade)[0].amount_minor == TOTAL

    def test_that_is_paid_after_all_was_given_up_goes_back(self, shop, ann, sbp, monkeypatch):
        from orders.payments.sandbox_store import Sandbox

        shop.pay(ann, sbp)
        monkeypatch.setattr(Sandbox, "void", Sandbox.find)
        shop.minutes(32)
        assert shop.order_row(sbp)["state"] == "cancelled"

        shop.hear(f"order.{sbp}.1", "captured")
        shop.minutes()

        assert shop.at_provider(sbp)["refunded_minor"] == TOTAL
        assert shop.order_row(sbp)["bill"]["returned_minor"] == TOTAL

    def test_that_fails_at_once_can_be_tried_anew(self, shop, ann, sbp):
        refused = shop.pay(ann, sbp, "tok_declined", language="en")

        assert (refused.status, refused.body["status"]) == (200, "failed")
        assert refused.body["message"] == "The payment failed; nothing was taken."
        assert refused.body["what_next"] == "Try again: another card or another bank may do."
        assert (refused.body["qr_payload"], refused.body["payment_url"]) == (None, None)
        assert len(shop.queued(PaymentFailed)) == 1
        assert shop.order_row(sbp)["state"] == "awaiting_payment"

        assert shop.pay(ann, sbp).body["qr_payload"].endswith(f"order.{sbp}.2")
        shop.hear(f"order.{sbp}.2", "captured")
        assert shop.order_row(sbp)["state"] == "paid"

    def test_is_not_offered_where_the_shop_sells_for_other_money(
        self, cloud, shop, ann, monkeypatch
    ):
        for name in ("OrdersApi", "OrdersPaymentsApi"):
            monkeypatch.setitem(cloud.wiring.functions[name].environment, "CURRENCY", "EUR")
        shop.put(ann, "TEA-1")

        answers = [
            shop.check_out(ann, payment="sbp"),
            shop.check_out(ann, payment="sbp", query={"dry_run": "true"}),
            cloud.call("POST", "/v1/wallet/top-ups", TOP_UP, token=ann.token, key=shop.key()),
        ]

        assert [problem(one) for one in answers] == [(409, "payment_unavailable")] * 3


@pytest.mark.case("T6")
class TestAProviderThatDoesNotAnswer:
    def test_and_did_it_is_asked_later_and_charges_once(self, shop, ann, card):
        answer = shop.pay(ann, card, "tok_late")
        assert (answer.status, answer.body["status"]) == (200, "pending")

        shop.minutes(2)

        assert shop.order_row(card)["state"] == "paid"
        assert shop.at_provider(card, 2) is None

    def test_and_did_not_is_asked_again_under_the_same_name(self, shop, ann, card):
        assert shop.pay(ann, card, "tok_lost").body["status"] == "pending"
        shop.minutes(2)
        assert shop.order_row(card)["state"] == "awaiting_payment"

        assert shop.pay(ann, card, "tok_ok").body["status"] == "authorised"

        assert shop.at_provider(card, 1)["status"] == "authorised"
        assert shop.at_provider(card, 2) is None

    @pytest.mark.feature(31)
    def test_by_sbp_says_so_and_shows_the_code_when_asked_again(self, shop, ann, sbp):
        silent = shop.pay(ann, sbp, "tok_lost", language="en").body
        assert (silent["status"], silent["qr_payload"]) == ("pending", None)
        assert silent["message"] == "The bank has not answered yet."
        assert "nothing is taken twice" in silent["what_next"]
        assert shop.at_provider(sbp) is None

        shop.minutes(2)
        assert shop.order_row(sbp)["state"] == "awaiting_payment"

        assert shop.pay(ann, sbp).body["qr_payload"].endswith(f"order.{sbp}.1")
        shop.hear(f"order.{sbp}.1", "captured")
        assert shop.order_row(sbp)["state"] == "paid"
        assert shop.money(f"order:{sbp}:money") == TOTAL

    @pytest.mark.feature(31)
    def test_by_sbp_nor_is_asked_again_is_waited_for_as_long_as_any(self, shop, ann, sbp):
        assert shop.pay(ann, sbp, "tok_lost").body["status"] == "pending"
        shop.minutes(32)

        assert shop.order_row(sbp)["state"] == "cancelled"
        assert shop.on_shelf("TEA-1") == (10, 0)
        assert shop.money(f"order:{sbp}:money") == 0

    @pytest.mark.feature(31)
    def test_by_sbp_and_did_it_shows_the_code_of_the_same_payment(self, shop, ann, sbp):
        assert shop.pay(ann, sbp, "tok_late").body["qr_payload"] is None
        assert shop.pay(ann, sbp).body["qr_payload"].endswith(f"order.{sbp}.1")

        shop.hear(f"order.{sbp}.1", "captured")
        assert shop.money(f"order:{sbp}:money") == TOTAL
        assert shop.at_provider(sbp, 2) is None

    def test_answers_the_same_key_as_before(self, shop, ann, card):
        first, again = [shop.pay(ann, card, "tok_ok", key="the-very-key") for _ in range(2)]
        assert first.body == again.body
        assert again.headers["idempotent-replayed"] == "true"
        assert problem(shop.pay(ann, card, "tok_ok")) == (409, "nothing_to_pay")


@pytest.mark.case("I13", "T6")
def test_every_timer_that_asks_the_provider_comes_after_those_that_do_not():
    for kind, fire in DUE.items():
        is_marked = isinstance(fire, timers.Asking)
        source = inspect.getsource(fire.fire if is_marked else fire)
        assert is_marked == ("client.provider()" in source), kind


@pytest.mark.feature(31)
class TestAProviderThatAnswersTwice:
    """First that its customer must act, then that it is paid, to whoever asks."""

    @pytest.mark.parametrize(
        ("method", "shown", "status"),
        [("card", "payment_url", "authorised"), ("sbp", "qr_payload", "captured")],
    )
    def test_is_paid_once(self, shop, ann, request, method, shown, status):
        order = request.getfixturevalue(method)
        first = shop.pay(ann, order, "tok_twice").body
        assert first["status"] == "pending"
        assert first[shown].startswith("https://")
        assert shop.order_row(order)["state"] == "awaiting_payment"

        assert shop.pay(ann, order, "tok_twice").body["status"] == status
        shop.hear(f"order.{order}.1", status)
        shop.minutes(3)

        assert shop.order_row(order)["state"] == "paid"
        assert len(shop.queued(OrderPaid)) == 1
        assert shop.at_provider(order, 2) is None
        assert problem(shop.pay(ann, order, "tok_twice")) == (409, "nothing_to_pay")

    def test_by_the_second_answer_though_nobody_asks_again(self, shop, ann, sbp):
        assert shop.pay(ann, sbp, "tok_twice").body["status"] == "pending"
        shop.minutes(2)
        assert shop.order_row(sbp)["state"] == "paid"
        assert shop.money(f"order:{sbp}:money") == TOTAL


@pytest.mark.case("I13")
class TestAWebhook:
    def test_that_comes_twice_counts_once(self, shop, ann, sbp):
        shop.pay(ann, sbp)
        for _ in range(2):
            assert shop.hear(f"order.{sbp}.1", "captured").status == 200
        assert len(shop.queued(OrderPaid)) == 1
        assert shop.money(f"order:{sbp}:money") == TOTAL

    def test_out_of_order_changes_nothing(self, shop, ann, sbp):
        shop.pay(ann, sbp)
        shop.hear(f"order.{sbp}.1", "captured")
        assert shop.hear(f"order.{sbp}.1", "failed").status == 200
        assert shop.order_row(sbp)["state"] == "paid"
        assert not shop.queued(PaymentFailed)

    def test_before_the_answer_of_the_api_is_what_the_answer_tells(
        self, shop, ann, card, monkeypatch
    ):
        from orders.payments.sandbox_store import Sandbox

        charge = Sandbox.charge

        def slow(self, wanted):
            seen = charge(self, wanted)
            shop.hear(wanted.reference, "authorised")
            return seen

        monkeypatch.setattr(Sandbox, "charge", slow)
        answer = shop.pay(ann, card, "tok_3ds")

        assert (answer.status, answer.body["status"]) == (200, "authorised")
        assert len(shop.queued(OrderPaid)) == 1

    def test_about_nothing_of_ours_is_taken_note_of(self, shop, card):
        assert shop.hear(f"order.{card}.7", "captured").status == 200
        assert shop.order_row(card)["state"] == "awaiting_payment"

    @pytest.mark.parametrize("wrong", [{"late": 301}, {"late": -301}, {"signed_with": "guess"}])
    def test_that_is_old_or_not_genuine_is_refused(self, shop, ann, sbp, wrong):
        shop.pay(ann, sbp)
        assert shop.hear(f"order.{sbp}.1", "captured", **wrong).status == 401
        assert shop.order_row(sbp)["state"] == "awaiting_payment"

    def test_of_another_provider_leads_nowhere(self, shop, cloud):
        assert cloud.call("POST", "/v1/payments/webhooks/other").status == 404


class TestABalance:
    @pytest.mark.feature(32)
    def test_pays_all_and_the_order_is_the_shops(self, shop, ann):
        shop.give_money(ann, TOTAL)
        order = shop.order(ann, payment="balance")
        assert (order["state"], order["balance_minor"]) == ("placed", TOTAL)
        assert (order["payment_status"], order["payment_due"]) == ("captured", None)
        assert shop.queued(OrderPlaced)[0].balance_minor == TOTAL
        assert shop.money(f"order:{order['id']}:money") == TOTAL

        shop.cancel(ann, order["id"])

        assert shop.money(f"customer:{ann.id}:money") == TOTAL

    @pytest.mark.feature(32)
    def test_that_does_not_cover_it_pays_nothing(self, shop, ann):
        shop.give_money(ann, 10)
        shop.put(ann, "TEA-1")
        answer = shop.check_out(ann, payment="balance")
        assert problem(answer) == (409, "insufficient_funds")
        assert (answer.body["available"], shop.on_shelf("TEA-1")) == (10, (10, 0))

    @pytest.mark.case("I8")
    def test_points_and_a_card_pay_together_or_not_at_all(self, shop, ann):
        shop.grant(ann, 100)
        shop.put(ann, "TEA-1")
        wanted = {"points_to_spend": 100, "balance_to_spend_minor": 5_000, "payment": "card"}
        assert problem(shop.check_out(ann, **wanted)) == (409, "insufficient_funds")
        assert shop.points(ann) == {"2030-01-01": 100}

        shop.give_money(ann, 5_000)
        order = shop.check_out(ann, **wanted).body
        assert order["payment_due"]["amount_minor"] == TOTAL - 15_000

    def test_of_a_guest_is_nothing(self, shop, cloud):
        guest = cloud.guest()
        shop.put(guest, "TEA-1")
        more = {"payment": "balance", "contact": {"email": "guest@example.com"}}
        assert problem(shop.check_out(guest, **more)) == (409, "insufficient_funds")


@pytest.mark.case("I9")
class TestARefund:
    def test_of_a_part_goes_where_the_money_came_from(self, shop, paid):
        shop.ship(paid)
        assert shop.refund(paid, 30_000).body["refunded_minor"] == 30_000
        shop.minutes()
        assert shop.at_provider(paid)["refunded_minor"] == 30_000
        assert shop.money(f"order:{paid}:money") == TOTAL - 30_000

    def test_is_never_more_than_was_paid(self, shop, paid):
        shop.ship(paid)
        assert shop.refund(paid, TOTAL - 1).status == 200
        answer = shop.refund(paid, 2)
        assert (*problem(answer), answer.body["most_minor"]) == (409, "more_than_paid", 1)

    def test_before_the_order_is_shipped_is_not_charged_at_all(self, shop, paid):
        shop.refund(paid, 30_000)
        shop.ship(paid)
        assert shop.at_provider(paid)["captured_minor"] == TOTAL - 30_000
        assert shop.money(f"order:{paid}:money") == TOTAL - 30_000

    def test_can_go_to_the_balance(self, shop, ann, paid):
        shop.ship(paid)
        assert shop.refund(paid, 30_000, to="balance").status == 200
        assert shop.money(f"customer:{ann.id}:money") == 30_000

    def test_of_cash_goes_to_the_balance(self, shop, ann):
        order = shop.order(ann)["id"]
        for to in ("assembling", "shipped", "delivered"):
            shop.move(order, to)
        assert shop.refund(order, 30_000).status == 200
        assert shop.money(f"customer:{ann.id}:money") == 30_000

    @pytest.mark.feature(44)
    def test_is_all_at_once_where_the_shop_failed(self, shop, ann):
        shop.give_money(ann, 5_000)
        order = shop.order(ann, payment="sbp", balance_to_spend_minor=5_000)["id"]
        shop.pay(ann, order)
        shop.hear(f"order.{order}.1", "captured")

        answer = shop.refund(order, reason="shop_failed")
        shop.minutes()

        assert (answer.body["state"], answer.body["refunded_minor"]) == ("cancelled", TOTAL)
        assert shop.at_provider(order)["refunded_minor"] == TOTAL - 5_000
        assert shop.money(f"customer:{ann.id}:money") == 5_000
        assert len(shop.queued(OrderFailed)) == 1

    @pytest.mark.feature(44)
    def test_of_a_shipped_order_leaves_it_where_it_is(self, shop, paid):
        shop.ship(paid)
        answer = shop.refund(paid, reason="shop_failed")
        assert (answer.body["state"], answer.body["refunded_minor"]) == ("shipped", TOTAL)

    @pytest.mark.case("V3")
    @pytest.mark.parametrize("amount", [-1, 10.005, "1,000", "１０", 10**38, True])
    def test_of_no_sum_is_refused(self, shop, paid, amount):
        assert shop.refund(paid, amount).status == 422

    def test_is_a_managers_to_give(self, shop, cloud, paid):
        body, path = {"reason": "other"}, f"/v1/staff/orders/{paid}/refunds"
        token = shop.agent.token
        assert cloud.call("POST", path, body, token=token, key="some-key").status == 403


def test_a_claimed_order_keeps_who_paid(shop, cloud):
    guest = cloud.guest()
    contact = {"email": "guest@example.com"}
    order = shop.order(guest, payment="card", contact=contact)["id"]
    assert shop.pay(guest, order, "tok_ok").body["status"] == "authorised"
    assert shop.order_row(order)["bill"]["payer_id"] == guest.id


@pytest.mark.case("Z2")
def test_nobody_pays_for_an_order_of_somebody_else(shop, bob, card):
    assert shop.pay(bob, card, "tok_ok").status == 404
