"""Paying through Stripe: its library against a Stripe of our own."""

import time

import pytest
import stripe

from common import clock
from orders.order.bill import Method, Status
from orders.payments.provider import Charge, NoAnswer
from orders.payments.stripe.client import Stripe
from stripe_double import ASKS, BANK, DECLINED, StripeDouble

TOTAL = 100_000 + 29_900
WEBHOOK_SECRET = "whsec_of_the_test"


@pytest.fixture(scope="module")
def double():
    made = StripeDouble()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def bank(double, pays_through):
    """A shop whose provider is Stripe, and the Stripe that it asks."""
    known = {"api_key": "sk_test_of_the_test", "webhook_secret": WEBHOOK_SECRET}
    pays_through("stripe", **known, url=double.url)
    yield double
    double.forget()


@pytest.fixture
def order(shop, ann):
    return shop.order(ann, payment="card")["id"]


@pytest.fixture
def held(shop, ann, order, bank):
    assert shop.pay(ann, order, bank.card()).body["status"] == "authorised"
    return order


@pytest.fixture
def hear(cloud):
    """What Stripe tells, signed as it signs, so many seconds ago."""

    def tell(body, secret=WEBHOOK_SECRET, late=0):
        with cloud.acting("OrdersPaymentsApi"):
            sent = int(clock.now().timestamp()) - late
        header = stripe.WebhookSignature.generate_signature_header(body, secret, sent)
        headers = {"Stripe-Signature": header}
        return cloud.call("POST", "/v1/payments/webhooks/stripe", body, headers=headers)

    return tell


@pytest.mark.feature(31)
class TestACard:
    def test_is_held_at_checkout_and_taken_when_the_parcel_leaves(self, shop, ann, held, bank):
        [payment] = bank.payments()
        assert (payment.status, payment.amount_received) == ("requires_capture", 0)
        assert (payment.amount, payment.currency) == (TOTAL, "rub")

        shop.ship(held)

        assert (payment.status, payment.amount_received) == ("succeeded", TOTAL)
        assert shop.show(ann, held).body["state"] == "shipped"

    def test_asks_for_3_d_secure_on_the_page_of_its_bank(self, shop, ann, order, bank, hear):
        answer = shop.pay(ann, order, bank.card(ASKS)).body
        assert answer["status"] == "pending"
        assert answer["payment_url"].startswith(BANK)

        bank.authenticate(success=True)
        assert hear(bank.event("payment_intent.amount_capturable_updated")).status == 200

        assert shop.show(ann, order).body["state"] == "paid"

    def test_whose_bank_says_no_is_a_failed_payment(self, shop, ann, order, bank):
        assert shop.pay(ann, order, bank.card(DECLINED)).body["status"] == "failed"
        assert shop.show(ann, order).body["state"] == "awaiting_payment"

    def test_that_failed_3_d_secure_is_a_failed_payment(self, shop, ann, order, bank, hear):
        shop.pay(ann, order, bank.card(ASKS))
        bank.authenticate(success=False)
        hear(bank.event("payment_intent.payment_failed"))
        assert shop.pay(ann, order, bank.card()).body["status"] == "authorised"

    @pytest.mark.parametrize("token", ["pm_nobodys", "tok_ok", None])
    def test_that_is_none_is_a_failed_payment(self, shop, ann, order, token):
        assert shop.pay(ann, order, token).body["status"] == "failed"

    def test_pays_again_when_it_is_kept(self, shop, ann, order, bank, cloud):
        shop.pay(ann, order, bank.card(), keep_card=True)
        token = shop.token(ann)
        [kept] = cloud.call("GET", "/v1/payment-methods", token=token).body["items"]
        assert (kept["brand"], kept["last4"], kept["expires"]) == ("visa", "4242", "2030-12")

        other = shop.order(ann, payment="card")["id"]
        assert shop.pay(ann, other, keep_card=True).body["status"] == "authorised"

        assert len({payment.customer for payment in bank.payments()}) == 1
        assert len(cloud.call("GET", "/v1/payment-methods", token=token).body["items"]) == 1
        cloud.call("DELETE", f"/v1/payment-methods/{kept['id']}", token=token)
        shop.minutes()
        assert [path for method, path, _ in bank.asked if method == "DELETE"] == [
            f"/v1/customers/{bank.payments()[0].customer}"
        ]

    def test_that_somebody_else_keeps_cannot_be_named(self, shop, bob, bank):
        theirs = shop.order(bob, payment="card")["id"]
        assert shop.pay(bob, theirs, f"cus_1/{bank.card()}").status == 422

    def test_is_let_go_when_the_order_is_cancelled(self, shop, ann, held, bank):
        assert shop.cancel(ann, held).status == 200
        shop.minutes()
        assert bank.payments()[0].status == "canceled"


@pytest.mark.feature(31)
class TestARefund:
    @pytest.fixture
    def taken(self, shop, held):
        shop.ship(held)
        return held

    def test_goes_back_to_the_card(self, shop, taken, bank):
        assert shop.refund(taken, 5_000).status == 200
        shop.minutes()
        assert bank.payments()[0].latest_charge.amount_refunded == 5_000

    @pytest.mark.case("T2")
    def test_is_one_though_the_same_is_asked_a_week_later(self, cloud, taken, bank):
        reference = f"order.{taken}.1"
        with cloud.acting("OrdersConsumer"):
            Stripe().refund(reference, 700, "the same")
            bank.answered.clear()  # Stripe remembers keys for a day
            Stripe().refund(reference, 700, "the same")
            seen = Stripe().find(reference)
        assert (seen.captured_minor, seen.refunded_minor) == (TOTAL, 700)

    def test_that_is_under_way_is_looked_at_until_it_is_there(self, shop, taken, bank):
        bank.refunds_begin("pending")
        shop.refund(taken, 5_000)
        shop.minutes(5)
        assert shop.waiting("payment.refund") == 1

        bank.refunds()[0].status = "succeeded"
        shop.minutes(3)

        assert not shop.waiting("payment.refund")
        assert len(bank.refunds()) == 1

    @pytest.mark.parametrize("over", ["failed", "canceled"])
    @pytest.mark.parametrize("begins", ["at once", "later"])
    def test_that_failed_is_told_and_tried_anew(
        self, shop, cloud, taken, bank, capsys, begins, over
    ):
        bank.refunds_begin(over if begins == "at once" else "pending")
        shop.refund(taken, 5_000)
        shop.minutes()
        bank.refunds()[0].status = over
        shop.minutes(4)
        assert [one.status for one in bank.refunds()] == [over]
        assert capsys.readouterr().out.count('"PaymentsDiffer":[1.0]') == 1

        bank.refunds_begin("succeeded")
        for _ in range(3):
            cloud.clock.advance(hours=1)
            shop.minutes()

        assert [one.status for one in bank.refunds()] == [over, "succeeded"]
        assert not shop.waiting("payment.refund")

    def test_that_always_fails_is_tried_more_and_more_seldom(self, shop, cloud, taken, bank):
        bank.refunds_begin("failed")
        shop.refund(taken, 5_000)
        tried = []
        for hour in range(64):
            shop.minutes()
            tried += [hour] * (len(bank.refunds()) - len(tried))
            cloud.clock.advance(hours=1)
        assert tried == [0, 1, 3, 7, 15, 31, 47, 63]

    def test_of_a_payment_that_is_not_known_is_not_forgotten(self, cloud):
        with cloud.acting("OrdersConsumer"), pytest.raises(ValueError, match="not known"):
            Stripe().refund("order.nobody.1", 1, "some-key")


@pytest.mark.feature(31)
class TestAStripeThatDoesNotAnswer:
    @pytest.mark.case("T2")
    def test_and_took_the_money_is_asked_what_it_did(self, shop, ann, order, bank):
        bank.lose = True
        assert shop.pay(ann, order, bank.card()).body["status"] == "pending"

        shop.minutes(2)

        assert shop.show(ann, order).body["state"] == "paid"
        assert len(bank.payments()) == 1

    def test_and_took_the_money_never_takes_it_from_another_card(self, shop, ann, order, bank):
        bank.lose = bank.blind = True
        shop.pay(ann, order, bank.card())

        assert shop.pay(ann, order, bank.card()).body["status"] == "pending"
        bank.blind = False
        shop.minutes(2)

        assert shop.show(ann, order).body["state"] == "paid"
        assert len(bank.payments()) == 1

    def test_and_did_nothing_is_asked_again_by_the_same_payment(self, shop, ann, order, bank):
        bank.broken = True
        assert shop.pay(ann, order, bank.card()).body["status"] == "pending"
        bank.broken = False
        assert shop.pay(ann, order, bank.card()).body["status"] == "authorised"
        assert len(bank.payments()) == 1

    def test_is_told_apart_from_one_that_says_no(self, cloud, bank):
        bank.broken = True
        charge = Charge("order.x.1", Method.CARD, 100, "EUR", bank.card())
        with cloud.acting("OrdersPaymentsApi"), pytest.raises(NoAnswer):
            Stripe().charge(charge)

    def test_makes_one_payment_of_one_reference(self, cloud, bank):
        charge = Charge("order.x.1", Method.CARD, 100, "EUR", bank.card())
        with cloud.acting("OrdersPaymentsApi"):
            assert Stripe().charge(charge) == Stripe().charge(charge)
        posts = [key for method, path, key in bank.asked if path == "/v1/payment_intents"]
        assert posts == ["order.x.1"]

    def test_takes_and_gives_less_than_was_held(self, cloud, bank):
        charge = Charge("order.x.1", Method.CARD, 1_000, "EUR", bank.card())
        with cloud.acting("OrdersConsumer"):
            Stripe().charge(charge)
            for _ in range(2):
                taken = Stripe().capture("order.x.1", 700)
        assert (taken.status, taken.captured_minor) == (Status.CAPTURED, 700)
        assert taken.refunded_minor == 0

    def test_lets_go_of_what_it_does_not_know(self, cloud):
        with cloud.acting("OrdersConsumer"):
            assert Stripe().void("order.nobody.1").status is Status.VOID


@pytest.mark.feature(31)
class TestAWebhook:
    @pytest.fixture
    def asked(self, shop, ann, order, bank):
        shop.pay(ann, order, bank.card(ASKS))
        bank.authenticate(success=True)
        return bank.event()

    @pytest.mark.case("E1")
    def test_counts_once(self, shop, ann, order, asked, hear):
        assert [hear(asked).status for _ in range(3)] == [200, 200, 200]
        assert shop.show(ann, order).body["state"] == "paid"

    @pytest.mark.parametrize("wrong", [{"secret": "whsec_forged"}, {"late": 301}, {"late": -301}])
    def test_that_is_forged_or_old_is_not_heard(self, shop, ann, order, asked, hear, wrong):
        assert hear(asked, **wrong).status == 401
        assert shop.show(ann, order).body["state"] == "awaiting_payment"

    @pytest.mark.parametrize("header", [None, "", "t=,v1=", "v1=abc", "t=1,v1=я"])
    def test_without_a_signature_is_not_heard(self, cloud, asked, header):
        headers = {} if header is None else {"Stripe-Signature": header}
        path = "/v1/payments/webhooks/stripe"
        assert cloud.call("POST", path, asked, headers=headers).status == 401

    @pytest.mark.parametrize(
        "other",
        [
            "no json",
            '{"data": {"object": {"object": "charge", "id": "ch_1"}}}',
            '{"data": {"object": {"object": "payment_intent", "id": "pi_1", "metadata": {}}}}',
        ],
    )
    def test_about_nothing_of_ours_changes_nothing(self, hear, other):
        assert hear(other).status == 200

    def test_that_comes_before_the_answer_is_the_same_payment(self, shop, ann, order, bank, hear):
        bank.lose = True
        shop.pay(ann, order, bank.card())
        assert hear(bank.event()).status == 200
        assert shop.show(ann, order).body["state"] == "paid"
        shop.minutes(2)
        assert len(bank.payments()) == 1


@pytest.mark.feature(31)
def test_each_night_finds_what_stripe_and_the_ledger_do_not_agree_on(shop, cloud, held, bank):
    shop.ship(held)
    bank.payments()[0].latest_charge._taken -= 100
    with cloud.acting("OrdersReconciliation"):
        day = clock.day_of(clock.now())
    bank.payments()[0].created = int(time.mktime(day.timetuple())) + 12 * 3600

    found = cloud.invoke("OrdersReconciliation", {"day": day.isoformat()})

    assert found == {"compared": 1, "differences": 1}
