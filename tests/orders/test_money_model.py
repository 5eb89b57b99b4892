"""Money against a naive till: whatever is paid, called off and given back, in any sequence.

The decisions and postings are the shop's own; the provider is a table of what it holds and took.
The model bites: each of the bugs planted below is found.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common import ids, ledger, pricing
from common.language import Text
from models import HUNTING, QUIET
from orders.checkout import checkout
from orders.order import money_store as money
from orders.order import store
from orders.order.bill import ONLINE, Bill, Method, MoreThanPaid, Status
from orders.order.order import UNTOUCHED, Delivery, Line, Order, State, Step
from orders.order.parcel import Parcel
from orders.payments import settling_store as settling
from orders.payments.provider import Seen
from orders.payments.refunds import store as refunds

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = "0198c0de-0000-7000-8000-00000000000a"
WALLET = f"ACCOUNT#customer:{ANN}:money"
TOTAL, GIVEN = 1_000, 2_500
ON = {
    State.PLACED: State.ASSEMBLING,
    State.PAID: State.ASSEMBLING,
    State.ASSEMBLING: State.SHIPPED,
    State.SHIPPED: State.DELIVERED,
}


class OutOfBounds(Exception):
    """A write would take more than there is."""


class Till(RuleBasedStateMachine):
    """*provider* is what the provider sees, by reference; *tasks* what it is still to be told."""

    def __init__(self):
        super().__init__()
        self.now, self.cash = NOON, 0
        self.rows = {WALLET: Counter({"lot:never": GIVEN})}
        self.orders: dict[str, Order] = {}
        self.provider: dict[str, Seen] = {}
        self.tasks: list[tuple[str, str, str, int]] = []

    # --- what the tables do ---

    def commit(self, order, writes):
        """Add up what *writes* add to the accounts, all or nothing, and keep their timers."""
        after = {name: Counter(row) for name, row in self.rows.items()}
        for write in writes:
            if update := write.get("Update"):
                name = update["Key"]["pk"]["S"]
                if name.startswith("PRODUCT#"):
                    continue
                [value] = re.findall(r"#u\d+ (:u\d+)", update["UpdateExpression"])
                lot = int(update["ExpressionAttributeValues"][value]["N"])
                after.setdefault(name, Counter())["lot:never"] += lot
        if any(n < 0 for row in after.values() for n in row.values()):
            raise OutOfBounds
        self.rows = after
        self.orders[order.id] = order
        items = [write["Put"]["Item"] for write in writes if "Put" in write]
        for item in (i for i in items if i["pk"]["S"].startswith("TIMER#")):
            told = {name: value["S"] for name, value in item["subject"]["M"].items()}
            kind, amount = item["kind"]["S"], int(told["amount"])
            self.tasks.append((kind, told["order_id"], told["reference"], amount))

    def held(self, account):
        return self.rows.get(f"ACCOUNT#{account}", Counter())["lot:never"]

    def some(self, which):
        self.now += timedelta(seconds=1)
        return [*self.orders.values()][which % len(self.orders)]

    def settle(self, order, seen):
        if decided := settling.settled(order, seen, self.now):
            self.commit(*decided)

    def cancel(self, order):
        after = order.moved(State.CANCELLED, self.now)
        self.commit(after, store.reached(order, after))

    # --- what happens ---

    @initialize()
    def begin(self):
        self.place(Method.CARD, 0)

    @rule(method=st.sampled_from(Method), balance=st.sampled_from([0, 0, 300, 1_000]))
    def place(self, method, balance):
        self.now += timedelta(seconds=1)
        wanted = checkout.Request(Delivery("Ann", None, "Arbat"), method, 0, None, balance)
        bill = wanted.bill(ANN, TOTAL)
        state = State.AWAITING_PAYMENT if bill.is_awaited else State.PLACED
        order = Order(
            id=ids.new(self.now),
            customer_id=ANN,
            version=1,
            day=date(2026, 3, 1),
            lines=(Line("TEA", Text("Чай", "Tea"), 1, TOTAL, shipped=True),),
            totals=pricing.Totals(TOTAL, 0, 0, TOTAL, 0),
            currency="RUB",
            points={},
            delivery=wanted.delivery,
            bill=bill,
            history=(Step(state, self.now),),
        )
        if bill.balance_minor > self.held(ledger.money_of(ANN)):
            with pytest.raises(OutOfBounds):
                self.commit(order, money.at_checkout(order))
        else:
            self.commit(order, money.at_checkout(order))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 5), ends=st.sampled_from(["paid", "paid", "failed", "later"]))
    def pay(self, which, ends):
        """The customer pays; the answer may be lost, and be heard of later."""
        order = self.some(which)
        if order.state is not State.AWAITING_PAYMENT:
            return
        after = order.billed(order.bill.asked())
        self.commit(after, [])
        name = money.reference(after)
        self.provider.setdefault(name, Seen(name, Status.PENDING, after.bill.amount_minor))
        if ends != "later":
            self.decide(name, ends)
            self.settle(after, self.provider[name])

    @precondition(lambda self: self.provider)
    @rule(which=st.integers(0, 5), ends=st.sampled_from(["paid", "failed"]))
    def bank(self, which, ends):
        """The bank decides on a payment, and the shop does not hear of it yet."""
        self.decide([*self.provider][which % len(self.provider)], ends)

    def decide(self, name, ends):
        order, seen = self.orders[name.split(".")[1]], self.provider[name]
        if seen.status is not Status.PENDING:
            return
        if ends == "failed":
            self.provider[name] = replace(seen, status=Status.FAILED)
        elif order.bill.method is Method.CARD:
            self.provider[name] = replace(seen, status=Status.AUTHORISED)
        else:
            taken = seen.amount_minor
            self.provider[name] = replace(seen, status=Status.CAPTURED, captured_minor=taken)

    @precondition(lambda self: self.provider)
    @rule(which=st.integers(0, 5))
    def hear(self, which):
        """A webhook about any payment of the past, however often."""
        name = [*self.provider][which % len(self.provider)]
        self.settle(self.orders[name.split(".")[1]], self.provider[name])

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 5))
    def call_off(self, which):
        """By the customer, or because no payment came."""
        order = self.some(which)
        if order.state in UNTOUCHED:
            self.cancel(order)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 5))
    def pay_too_late(self, which):
        """The bank decides while the order is being given up."""
        order = self.some(which)
        if order.state is State.AWAITING_PAYMENT:
            self.pay(which, "later")
            self.cancel(self.orders[order.id])
            after = self.orders[order.id]
            self.decide(money.reference(after), "paid")
            self.settle(after, self.provider[money.reference(after)])

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 5))
    def pay_anew(self, which):
        """No answer came, the customer pays once more, and the bank has heard every try."""
        order = self.some(which)
        if order.state is State.AWAITING_PAYMENT:
            for _ in range(2):
                self.pay(which, "later")
            for name in [name for name in self.provider if order.id in name]:
                self.decide(name, "paid")

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 5))
    def go_on(self, which):
        order = self.some(which)
        if to := ON.get(order.state):
            parcels = (Parcel("post", "RU1"),) if to is State.SHIPPED else ()
            after = order.moved(to, self.now, parcels)
            self.commit(after, store.reached(order, after))
            if to is State.DELIVERED and after.bill.method is Method.CASH:
                self.cash += after.bill.amount_minor

    @precondition(lambda self: self.orders)
    @rule(
        which=st.integers(0, 5),
        amount=st.sampled_from([1, 400, 700, None]),
        to_balance=st.booleans(),
        reason=st.sampled_from(["goodwill", "goodwill", "shop_failed"]),
    )
    def refund(self, which, amount, to_balance, reason):
        order = self.some(which)
        if order.bill.status is Status.AUTHORISED and order.state in refunds.LEFT_THE_HOUSE:
            return
        try:
            after, writes = refunds.decided(
                order, refunds.Wanted(amount, reason, to_balance), self.now
            )
        except MoreThanPaid:
            return
        self.commit(after, writes)

    @precondition(lambda self: self.tasks)
    @rule(which=st.integers(0, 9))
    def tell(self, which):
        """A timer tells the provider what is to be told."""
        kind, order_id, name, amount = self.tasks.pop(which % len(self.tasks))
        order, seen = self.orders[order_id], self.provider.get(name)
        if kind == money.CAPTURE:
            assert seen.status is Status.AUTHORISED
            self.provider[name] = replace(seen, status=Status.CAPTURED, captured_minor=amount)
            after = order.billed(replace(order.bill, status=Status.CAPTURED))
            self.commit(after, money.captured(after, amount, self.now))
        elif kind == money.REFUND:
            self.provider[name] = replace(seen, refunded_minor=seen.refunded_minor + amount)
        elif kind == money.VOID:
            if seen.status in (Status.PENDING, Status.AUTHORISED):
                self.provider[name] = replace(seen, status=Status.VOID)
            self.settle(order, self.provider[name])

    # --- what always holds ---

    def promised(self, order_id=None):
        wanted = [t for t in self.tasks if t[0] == money.REFUND and order_id in (None, t[1])]
        return sum(amount for *_, amount in wanted)

    @invariant()
    def no_money_is_made_or_lost(self):
        seen = self.provider.values()
        kept = sum(one.captured_minor - one.refunded_minor for one in seen)
        late = sum(
            self.provider[money.reference(order)].captured_minor
            for order in self.orders.values()
            if self.is_unheard_of(order)
        )
        booked = sum(row["lot:never"] for row in self.rows.values())
        assert booked == GIVEN + self.cash + kept - late - self.promised()

    def is_unheard_of(self, order):
        """Whether the bank took money that the shop has not heard of yet."""
        seen = self.provider.get(money.reference(order))
        waits = order.bill.status in (Status.PENDING, Status.VOID)
        return bool(seen and seen.status is Status.CAPTURED and waits)

    @invariant()
    def nothing_goes_back_that_did_not_come(self):
        for seen in self.provider.values():
            assert seen.refunded_minor <= seen.captured_minor <= seen.amount_minor

    @invariant()
    def no_order_is_charged_twice(self):
        by_order = Counter(
            name.split(".")[1]
            for name, seen in self.provider.items()
            if seen.status in (Status.AUTHORISED, Status.CAPTURED)
        )
        assert not by_order or max(by_order.values()) == 1

    @invariant()
    def a_cancelled_order_keeps_nothing(self):
        told = {order_id for _, order_id, *_ in self.tasks}
        for order in self.orders.values():
            if order.state is not State.CANCELLED:
                continue
            assert self.held(f"order:{order.id}:money") == 0
            seen = self.provider.get(money.reference(order))
            if seen and order.id not in told and not self.is_unheard_of(order):
                assert seen.status is not Status.AUTHORISED
                assert seen.captured_minor == seen.refunded_minor

    @invariant()
    def a_finished_order_keeps_what_did_not_go_back(self):
        for order in self.orders.values():
            bill = order.bill
            taken = bill.status is Status.CAPTURED or bill.method not in (*ONLINE, Method.CASH)
            if order.state is State.DELIVERED and taken:
                back = bill.returned_minor + bill.balance_returned_minor
                assert self.held(f"order:{order.id}:money") == TOTAL - back


@pytest.fixture(autouse=True)
def _tables(monkeypatch):
    for name in ("TABLE_NAME", "LEDGER_TABLE"):
        monkeypatch.setenv(name, name)
    monkeypatch.setenv("SHOP_TIME_ZONE", "Europe/Moscow")


@pytest.mark.case("I9", "I12", "I14")
def test_money_is_as_in_the_naive_till():
    run_state_machine_as_test(Till, settings=QUIET)


def returned_and_not_counted(monkeypatch):
    monkeypatch.setattr(Bill, "returned", lambda self, parts: self)


def kept_what_came_too_late(monkeypatch):
    def keep(order, status, at):
        return order.billed(replace(order.bill, status=status)), []

    monkeypatch.setattr(settling, "_too_late", keep)


def never_let_go(monkeypatch):
    """A cancelled order's money stays held."""
    told = money.tell

    def tell(order, what, amount, at):
        return told(order, money.CHECK if what == money.VOID else what, amount, at)

    monkeypatch.setattr(money, "tell", tell)


def asked_under_another_name(monkeypatch):
    """A payment that is pending is asked for anew, and charged twice."""

    def asked(self):
        return replace(self, status=Status.PENDING, attempt=self.attempt + 1)

    monkeypatch.setattr(Bill, "asked", asked)


@pytest.mark.parametrize(
    "bug",
    [
        returned_and_not_counted,
        kept_what_came_too_late,
        never_let_go,
        asked_under_another_name,
    ],
)
def test_the_model_finds_a_till_with_this_bug(monkeypatch, bug):
    bug(monkeypatch)
    with pytest.raises((AssertionError, OutOfBounds)):
        run_state_machine_as_test(Till, settings=HUNTING)
