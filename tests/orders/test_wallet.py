"""The customer's balance, kept cards, the history of their money, and whether all of it adds up."""

import csv
import io

import pytest

import shop as work
from common.access import Act
from common.events.auth import CustomerRegistered
from common.events.wallet import WalletToppedUp
from orders.payments.sandbox_store import Sandbox

TOTAL = 100_000 + 29_900
MISSING = "0198face-0000-7000-8000-000000000000"


def problem(answer):
    return answer.status, answer.body["type"].rpartition(":")[2]


@pytest.fixture
def ask(shop, cloud):
    def call(person, method, path, body=None, key=None, query=None):
        token = shop.token(person)
        return cloud.call(method, path, body, token=token, key=key or shop.key(), query=query)

    return call


def balance(ask, person):
    return ask(person, "GET", "/v1/wallet").body["available_minor"]


def top_up(ask, person, amount=50_000, method="card", key=None, **more):
    body = {"amount_minor": amount, "method": method} | more
    return ask(person, "POST", "/v1/wallet/top-ups", body, key)


@pytest.mark.feature(32)
class TestATopUp:
    def test_by_card_is_on_the_balance_at_once(self, shop, ask, ann):
        answer = top_up(ask, ann, token="tok_ok")
        assert (answer.status, answer.body["status"]) == (200, "captured")
        assert balance(ask, ann) == 50_000
        assert len(shop.queued(WalletToppedUp)) == 1

    def test_by_sbp_comes_by_the_banks_word_once(self, shop, cloud, ask, ann):
        assert top_up(ask, ann, method="sbp").body["qr_payload"]
        assert balance(ask, ann) == 0
        [row] = [r for r in cloud.items("OrdersTable") if r["sk"].startswith("TOP-UP#")]
        for _ in range(2):
            assert shop.hear(f"top-up.{ann.id}.{row['id']}", "captured").status == 200
        assert balance(ask, ann) == 50_000

    def test_that_is_declined_adds_nothing(self, ask, ann):
        assert top_up(ask, ann, token="tok_declined").body["status"] == "failed"
        assert balance(ask, ann) == 0

    @pytest.mark.case("T6")
    def test_whose_provider_does_not_answer_is_found_out(self, shop, ask, ann):
        assert top_up(ask, ann, token="tok_late").body["status"] == "pending"
        shop.minutes(2)
        assert balance(ask, ann) == 50_000

    @pytest.mark.case("I6")
    def test_with_the_same_key_charges_once(self, ask, ann):
        answers = [top_up(ask, ann, token="tok_ok", key="the-very-key") for _ in range(2)]
        assert answers[0].body == answers[1].body
        assert balance(ask, ann) == 50_000
        assert top_up(ask, ann, 60_000, token="tok_ok", key="the-very-key").status == 422

    def test_that_nobody_pays_is_not_waited_for_longer_than_a_day(self, shop, cloud, ask, ann):
        top_up(ask, ann, method="sbp")
        cloud.clock.advance(days=2)
        shop.minutes()
        assert not [r for r in cloud.items("OrdersTable") if r["pk"].startswith("TIMER#")]


@pytest.mark.feature(32)
class TestATransfer:
    @pytest.fixture
    def known(self, cloud, bob):
        event = {"id": MISSING, "occurred_at": "2026-01-01T00:00:00Z", "customer_id": bob.id}
        cloud.publish(CustomerRegistered.model_validate(event))
        return bob

    def give(self, ask, person, to, amount=20_000):
        body = {"to_customer_id": to, "amount_minor": amount}
        return ask(person, "POST", "/v1/wallet/transfers", body)

    def test_needs_a_fresh_proof(self, shop, ask, ann, known):
        shop.give_money(ann, 50_000)
        assert problem(self.give(ask, ann, known.id)) == (401, "step_up_required")

    def test_moves_money_from_one_to_the_other(self, shop, cloud, ask, ann, known):
        shop.give_money(ann, 50_000)
        work.Shop(cloud).prove(ann, Act.MONEY)
        assert self.give(ask, ann, known.id).status == 200
        assert (balance(ask, ann), balance(ask, known)) == (30_000, 20_000)

        answer = self.give(ask, ann, known.id, 30_001)
        assert problem(answer) == (409, "insufficient_funds")

    def test_needs_somebody_to_give_to(self, shop, cloud, ask, ann, known):
        shop.give_money(ann, 50_000)
        work.Shop(cloud).prove(ann, Act.MONEY)
        for nobody in (ann.id, MISSING):
            assert problem(self.give(ask, ann, nobody)) == (409, "no_such_recipient")


@pytest.mark.feature(33)
class TestAKeptCard:
    @pytest.fixture
    def card(self, shop, ask, ann):
        order = shop.order(ann, payment="card")["id"]
        assert shop.pay(ann, order, "tok_ok", keep_card=True).body["status"] == "authorised"
        [card] = ask(ann, "GET", "/v1/payment-methods").body["items"]
        return card

    def test_is_shown_without_its_number_or_token(self, card):
        assert set(card) == {"id", "brand", "last4", "expires", "default"}
        assert card["default"]

    def test_pays_the_next_time(self, shop, ann, card):
        order = shop.order(ann, payment="card")["id"]
        paid = shop.pay(ann, order, payment_method_id=card["id"])
        assert paid.body["status"] == "authorised"

    def test_of_somebody_else_pays_nothing(self, shop, bob, card):
        order = shop.order(bob, payment="card")["id"]
        assert shop.pay(bob, order, payment_method_id=card["id"]).status == 404

    def test_can_be_the_default(self, ask, shop, ann, card):
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_new", keep_card=True)
        path = f"/v1/payment-methods/{card['id']}/default"
        assert ask(ann, "PUT", path).status == 204
        items = ask(ann, "GET", "/v1/payment-methods").body["items"]
        assert [c["default"] for c in items] == [c["id"] == card["id"] for c in items]

    def test_is_forgotten_here_and_at_the_provider(self, shop, ask, ann, card, monkeypatch):
        forgotten, fails = [], [True]

        def forget(self, token):
            if fails:
                fails.pop()
                raise ValueError("not now")
            forgotten.append(token)

        monkeypatch.setattr(Sandbox, "forget", forget)
        path = f"/v1/payment-methods/{card['id']}"
        assert ask(ann, "DELETE", path).status == 204
        assert ask(ann, "GET", "/v1/payment-methods").body["items"] == []
        assert ask(ann, "DELETE", path).status == 404

        shop.minutes(2)

        assert len(forgotten) == 1


@pytest.mark.feature(35)
class TestTransactions:
    @pytest.fixture
    def past(self, shop, cloud, ask, ann):
        """A top-up of 500, days later an order of 1,299 of which the balance pays 100."""
        top_up(ask, ann, token="tok_ok")
        cloud.clock.advance(days=3)
        order = shop.order(ann, payment="card", balance_to_spend_minor=10_000)["id"]
        shop.pay(ann, order, "tok_ok")
        shop.cancel(ann, order)

    def shown(self, ask, person, **query):
        items = ask(person, "GET", "/v1/transactions", query=query).body["items"]
        return [(x["kind"], x["by"], x["amount_minor"]) for x in items]

    def test_tell_of_all_that_came_and_went(self, ask, ann, past):
        shown = self.shown(ask, ann)
        assert shown[-1] == ("top_up", "card", 50_000)
        assert set(shown[:-1]) == {
            ("payment", "balance", -10_000),
            ("payment", "card", -TOTAL + 10_000),
            ("refund", "balance", 10_000),
            ("refund", "card", TOTAL - 10_000),
        }

    def test_are_chosen_by_kind_sum_and_day(self, cloud, ask, ann, past):
        assert self.shown(ask, ann, kind="top_up") == [("top_up", "card", 50_000)]
        assert len(self.shown(ask, ann, most_minor="10000")) == 2
        assert len(self.shown(ask, ann, least_minor="10001")) == 3
        with cloud.acting("OrdersPaymentsApi"):
            from common import clock

            today = clock.today().isoformat()
        assert len(self.shown(ask, ann, **{"from": today})) == 4

    def test_come_page_by_page(self, ask, ann, past):
        seen, cursor = [], {}
        while True:
            query = {"limit": "2"} | cursor
            page = ask(ann, "GET", "/v1/transactions", query=query).body
            seen += [x["id"] for x in page["items"]]
            if not page["next_cursor"]:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(seen) == len(set(seen)) == 5

    def test_are_to_be_had_as_a_file(self, shop, cloud, ann, past):
        token = shop.token(ann)
        answer = cloud.call("GET", "/v1/transactions.csv", token=token)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.body)))
        assert rows[0]["amount_minor"] == "50000"
        assert len(rows) == 5

    @pytest.mark.case("Z2")
    def test_are_their_customers_own(self, ask, bob, past):
        assert self.shown(ask, bob) == []


class TestReconciliation:
    @pytest.fixture
    def day(self, shop, cloud, ask, ann):
        top_up(ask, ann, token="tok_ok")
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")
        for to in ("assembling", "shipped"):
            shop.move(order, to)
        shop.minutes()
        shop.refund(order, 30_000)
        shop.minutes()
        self.order = order
        with cloud.acting("OrdersPaymentsApi"):
            from common import clock

            return clock.today().isoformat()

    def test_finds_nothing_where_all_is_well(self, cloud, day):
        told = cloud.invoke("OrdersReconciliation", {"day": day})
        assert told == {"compared": 2, "differences": 0}

    def test_finds_what_only_the_provider_gave_back(self, shop, cloud, day):
        with cloud.acting("OrdersPaymentsApi"):
            Sandbox().refund(f"order.{self.order}.1", 5, "behind-our-back")

        cloud.clock.advance(days=1)
        cloud.invoke("OrdersReconciliation", {"source": "aws.events"})

        path, query = "/v1/staff/payments/reconciliation", {"day": day}
        token = cloud.staff("manager").token
        [found] = cloud.call("GET", path, token=token, query=query).body["differences"]
        assert found["reference"] == f"order.{self.order}.1"
        assert found["ledger_minor"] - found["provider_minor"] == 5
