"""Money asked for from two sides at once, in every order of their calls: one wins."""

from functools import partial

import pytest

from common import clock, ids, ledger, table
from common.events.orders import OrderCancelled, OrderPaid, RefundMade

KEYS = "the-first-key", "the-second-key"
TOTAL = 129_900
TICK = {"source": "aws.events", "detail": {}}


@pytest.fixture(autouse=True)
def _one_shard(monkeypatch):
    """A single shard leaves fewer orders of calls to go through."""
    monkeypatch.setattr("common.timers.SHARDS", 1)


def kind(answer):
    return answer.body.get("type", "").rpartition(":")[2] or answer.status


def forget_checks(cloud):
    """Leave only the timers that the race is about: each call more is many orders more."""
    rows = [r for r in cloud.items("OrdersTable") if r.get("kind") == "payment.check"]
    with cloud.acting("OrdersConsumer"):
        table.commit(*(table.delete(row["pk"], row["sk"]) for row in rows))


class TestABillThatIsPaidAsItsTimeEnds:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann):
        order = shop.order(ann, payment="sbp")["id"]
        shop.pay(ann, order)
        forget_checks(cloud)
        cloud.clock.advance(minutes=31)

        def check(answers):
            facts = len(shop.queued(OrderPaid)), len(shop.queued(OrderCancelled))
            state = shop.order_row(order)["state"]
            assert (state, facts) in [("paid", (1, 0)), ("cancelled", (0, 1))]
            back = shop.order_row(order)["bill"]["returned_minor"]
            assert shop.money(f"order:{order}:money") == (TOTAL if state == "paid" else 0)
            assert back in (0, TOTAL)

        heard = partial(shop.hear, f"order.{order}.1", "captured")
        return at_once(heard, partial(cloud.invoke, "OrdersConsumer", TICK), check=check)

    @pytest.mark.case("I12", "I13")
    def test_is_paid_or_given_up(self, race):
        race.sample(20)

    def test_is_both_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")


class TestMoneyTakenAsTheOrderIsCalledOff:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")
        shop.move(order, "assembling")

        def check(answers):
            told = [row for row in shop.cloud.items("OrdersTable") if row["pk"] == "TIMER#0"]
            kinds = {row["kind"] for row in told} & {"payment.capture", "payment.void"}
            state = shop.order_row(order)["state"]
            assert (state, kinds) in [
                ("shipped", {"payment.capture"}),
                ("cancelled", {"payment.void"}),
            ]
            assert sorted(map(str, map(kind, answers))) == ["200", "transition_not_allowed"]

        states = zip(("cancelled", "shipped"), KEYS, strict=True)
        return at_once(*[partial(shop.move, order, *to) for to in states], check=check)

    @pytest.mark.case("I11")
    def test_is_taken_or_let_go(self, race):
        race.sample(20)

    def test_is_both_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#", "PRODUCT#")


class TestGiftCardsCalledOffAsTheyArePaid:
    @pytest.fixture
    def race(self, at_once, cloud, shop, ann):
        shop.stock(shop.product("CARD", TOTAL, None, kind="gift_card"))
        order = shop.order(ann, "CARD", payment="card", delivery=None)["id"]
        shop.pay(ann, order, "tok_ok")
        forget_checks(cloud)

        def check(answers):
            shop.minutes(3)
            held, state = shop.at_provider(order), shop.order_row(order)["state"]
            kept = held["captured_minor"] - held["refunded_minor"]
            assert (state, kept) in [("delivered", TOTAL), ("cancelled", 0)]
            assert shop.money(f"order:{order}:money") == kept
            assert kind(answers[0]) == (200 if state == "cancelled" else "transition_not_allowed")
            assert len(shop.queued(RefundMade)) == (state == "cancelled")

        cancel = partial(shop.cancel, ann, order, KEYS[0])
        return at_once(cancel, partial(cloud.invoke, "OrdersConsumer", TICK), check=check)

    @pytest.mark.case("I11")
    def test_are_there_or_the_money_is_back(self, race):
        race.sample(20)

    def test_are_neither_when_the_order_is_looked_at_first(self, race):
        race.catches("ORDER#")


class TestTwoPartialRefunds:
    @pytest.fixture
    def race(self, at_once, shop, ann):
        order = shop.order(ann, payment="card")["id"]
        shop.pay(ann, order, "tok_ok")
        for to in ("assembling", "shipped"):
            shop.move(order, to)
        shop.minutes()

        def check(answers):
            assert sorted(map(str, map(kind, answers))) == ["200", "more_than_paid"]
            assert shop.money(f"order:{order}:money") == TOTAL - 70_000
            assert len(shop.queued(RefundMade)) == 1

        tasks = [partial(shop.refund, order, 70_000, key=key) for key in KEYS]
        return at_once(*tasks, check=check)

    @pytest.mark.case("I9")
    def test_are_never_more_than_was_taken(self, race):
        race.sample(20)

    def test_are_more_when_order_and_account_are_looked_at_first(self, race):
        race.catches("ORDER#", "~LOTS")


class TestABalanceSpentTwice:
    @pytest.fixture
    def race(self, at_once, shop, ann, bob):
        """At a checkout, and by a gift."""
        shop.give_money(ann, TOTAL)
        shop.put(ann, "TEA-1")

        def spend():
            with shop.cloud.acting("OrdersPaymentsApi"):
                now = clock.now()
                money = map(ledger.money_of, (ann.id, bob.id))
                legs = ledger.transfer(*money, {ledger.NEVER: 100_000})
                table.commit(*ledger.post(ledger.Posting(ids.new(now), "transfer", now, legs)))
            return True

        def check(answers):
            bought, given = kind(answers[0]), answers[1] is True
            left = shop.money(f"customer:{ann.id}:money")
            assert (bought, given, left) in [
                (201, False, 0),
                ("insufficient_funds", True, TOTAL - 100_000),
            ]

        buy = partial(shop.check_out, ann, KEYS[0], payment="balance")
        return at_once(buy, spend, check=check)

    @pytest.mark.case("I8", "I14")
    def test_is_spent_once(self, race):
        race.sample(20)

    def test_is_spent_twice_when_the_balance_is_looked_at_first(self, race):
        race.catches("~LOTS")
