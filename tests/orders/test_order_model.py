"""Orders against a naive shop: whatever is asked of whichever order, in any sequence.

The decisions are the domain's; what they do to shelf and points is what the store would write,
added up here. The model bites: each of the bugs planted below is found.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from common import ids, ledger, pricing
from common.language import Text
from models import HUNTING, QUIET
from orders.cart.cart import Cart
from orders.cart.cart import Line as CartLine
from orders.catalogue import store as catalogue
from orders.checkout import checkout
from orders.checkout import store as checkouts
from orders.checkout.refusals import NotEnoughPoints, TooManyPoints
from orders.order import order as domain
from orders.order import redemption, store
from orders.order.bill import Method
from orders.order.order import Order, State, TransitionNotAllowed
from orders.order.parcel import Parcel
from orders.order.parts import Delivery
from orders.tariff import Tariff

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = "0198c0de-0000-7000-8000-00000000000a"
PRICES = {"TEA": 100_000, "CUP": 30_000, "WRAP": 29_000}  # the last one is a service
SHELF = Counter({"TEA": 5, "CUP": 3})
LOTS = Counter({"2026-03-04": 100, "2028-01-01": 1_000, ledger.NEVER: 50})
FORTNIGHT = "2026-03-15"  # from NOON on; no model takes a day
WANTED = checkout.Request(Delivery("Ann", None, "Arbat, 1"), Method.CASH, 0)
TARIFF = Tariff("RUB", pricing.Delivery(29_900, 300_000))
# Written down anew, not taken from the domain.
LEADS = {
    "awaiting_payment": {"paid", "cancelled"},
    "paid": {"assembling", "cancelled"},
    "placed": {"assembling", "cancelled"},
    "assembling": {"shipped", "cancelled"},
    "shipped": {"delivered"},  # no courier waits at a pick-up point
    "delivered": {"completed"},
    "completed": set(),
    "cancelled": set(),
}
# Nothing of a service is packed.
LEADS_UNPACKED = {"placed": {"delivered", "cancelled"}}
GONE = ("shipped", "delivered", "completed")
ON = {"placed": "assembling", "assembling": "shipped", "shipped": "delivered"}
ON_UNPACKED = {"placed": "delivered"}


class OutOfBounds(Exception):
    """A write would take more than there is."""


class Shop(RuleBasedStateMachine):
    """*states*, *spent* and *held* are the naive shop: what became of each order, the points it
    was paid with, and those that are left."""

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.rows: dict[str, Counter[str]] = {
            f"PRODUCT#{sku}": Counter(available=n) for sku, n in SHELF.items()
        }
        self.account = f"ACCOUNT#{ledger.points_of(ANN)}"
        self.rows[self.account] = Counter({f"lot:{day}": n for day, n in LOTS.items()})
        self.orders: dict[str, Order] = {}
        self.states: dict[str, str] = {}
        self.spent: dict[str, Counter[str]] = {}
        self.held = Counter(LOTS)

    # --- what the table does ---

    def commit(self, writes):
        """Add up what the updates among *writes* add, all or nothing."""
        after = {name: Counter(row) for name, row in self.rows.items()}
        for write in writes:
            if update := write.get("Update"):
                row = after[update["Key"]["pk"]["S"]]
                for name, value in re.findall(r"(#u\d+) (:u\d+)", update["UpdateExpression"]):
                    attribute = update["ExpressionAttributeNames"][name]
                    row[attribute] += int(update["ExpressionAttributeValues"][value]["N"])
        if any(n < 0 for row in after.values() for n in row.values()):
            raise OutOfBounds
        self.rows = after

    def points(self):
        row = self.rows[self.account]
        return Counter({name.removeprefix("lot:"): n for name, n in row.items() if n})

    # --- what the naive shop says ---

    def pieces(self, *states):
        """The goods in orders that are in one of *states*."""
        held = Counter()
        for id_, state in self.states.items():
            if state in states:
                held.update({x.sku: x.quantity for x in self.orders[id_].lines if x.sku in SHELF})
        return held

    def left(self):
        return SHELF - self.pieces("placed", "assembling", *GONE)

    # --- what happens ---

    @rule(
        lines=st.dictionaries(st.sampled_from([*PRICES]), st.integers(1, 4), min_size=1),
        points=st.sampled_from([0, 0, 1, 100, 101, 150, 2_000]),
    )
    def place(self, lines, points):
        goods = sum(PRICES[sku] * n for sku, n in lines.items())
        held = self.points()
        if points > goods // 2 // 100:
            with pytest.raises(TooManyPoints):
                self.ordered(lines, points)
        elif points > held.total():
            with pytest.raises(NotEnoughPoints):
                self.ordered(lines, points)
        elif any(n > self.left()[sku] for sku, n in lines.items() if sku in SHELF):
            with pytest.raises(OutOfBounds):
                self.commit(self.reserving(self.ordered(lines, points)))
        else:
            self.bought(self.ordered(lines, points), self.soonest(held, points))

    def ordered(self, lines, points):
        self.now += timedelta(minutes=1)
        bought = [
            CartLine(sku, n, PRICES[sku], Text(sku, sku), sku in SHELF, NOON)
            for sku, n in lines.items()
        ]
        cart = Cart("cart", 1, tuple(bought), NOON, armed=True)
        request = replace(WANTED, points=points)
        account = ledger.Account(dict(self.points()))
        known = ids.new(self.now), ANN, cart, account, request, TARIFF
        return checkout.order(*known, self.now, self.now.date())

    def reserving(self, order):
        spending = ledger.post(redemption.spending(order)) if order.points else []
        return [*checkouts._reserved(order, tiers=()), *spending]

    def soonest(self, held, points):
        """The lots that *points* should come from, one point at a time."""
        every = [day for day in sorted(held) for _ in range(held[day])]
        return Counter(every[:points])

    def bought(self, order, lots):
        assert order.points == lots
        self.commit(self.reserving(order))
        self.orders[order.id] = order
        self.states[order.id] = "placed"
        self.spent[order.id] = lots
        self.held -= lots

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9), to=st.sampled_from(State))
    def move(self, which, to):
        """The staff wants the order somewhere."""
        order = self.some(which)
        track = (Parcel("post", "RR1"),) if to is State.SHIPPED else ()
        may = to in self.leads(order)
        self.change(order, may, lambda: order.moved(to, self.now, track), to)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9))
    def go_on(self, which):
        """As most orders do, so that every state is reached."""
        order = self.some(which)
        steps = ON if self.is_packed(order) else ON_UNPACKED
        if on := steps.get(self.states[order.id]):
            self.move(which, State(on))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 9))
    def recall(self, which):
        """The customer wants it no more."""
        order = self.some(which)
        may = self.states[order.id] == "placed"
        self.change(order, may, lambda: order.recalled(self.now), State.CANCELLED)

    def is_packed(self, order):
        return any(line.sku in SHELF for line in order.lines)

    def leads(self, order):
        leads = LEADS if self.is_packed(order) else LEADS | LEADS_UNPACKED
        return leads[self.states[order.id]]

    def some(self, which):
        self.now += timedelta(minutes=1)
        return [*self.orders.values()][which % len(self.orders)]

    def change(self, order, may, decide, to):
        if not may:
            with pytest.raises(TransitionNotAllowed):
                decide()
            return
        after = decide()
        self.commit(store._consequences(after))
        assert (after.version, after.changed_at) == (order.version + 1, self.now)
        assert after.history[:-1] == order.history
        self.orders[order.id] = after
        self.states[order.id] = to.value
        if to is State.CANCELLED:
            self.give_back(self.spent[order.id])

    def give_back(self, lots):
        """Lot by lot, for a fortnight at least."""
        for day, points in lots.items():
            self.held[day if day == ledger.NEVER else max(day, FORTNIGHT)] += points

    # --- what always holds ---

    @invariant()
    def orders_are_where_they_were_led(self):
        for id_, order in self.orders.items():
            assert order.state == self.states[id_]
            assert set(order.next_states) == self.leads(order)
            tracked = any(step.state is State.SHIPPED for step in order.history)
            assert (order.tracking_number is not None) is tracked

    @invariant()
    def the_shelf_holds_what_is_not_sold(self):
        left, held = self.left(), self.pieces("placed", "assembling")
        for sku in SHELF:
            row = self.rows[f"PRODUCT#{sku}"]
            assert (row["available"], row["reserved"]) == (left[sku], held[sku])

    @invariant()
    def points_are_held_or_paid_with(self):
        assert self.points() == self.held


@pytest.fixture(autouse=True)
def _tables(monkeypatch):
    for name in ("TABLE_NAME", "LEDGER_TABLE"):
        monkeypatch.setenv(name, name)
    monkeypatch.setenv("SHOP_TIME_ZONE", "Europe/Moscow")


@pytest.mark.case("I12", "I14")
def test_orders_are_as_in_the_naive_shop():
    run_state_machine_as_test(Shop, settings=QUIET)


def leads_back(monkeypatch):
    """A parcel on its way can be cancelled."""
    leads = {**domain.NEXT, State.SHIPPED: (State.DELIVERED, State.CANCELLED)}
    monkeypatch.setattr(domain, "NEXT", leads)


def ships_twice(monkeypatch):
    leads = {**domain.NEXT, State.SHIPPED: (State.SHIPPED, State.DELIVERED)}
    monkeypatch.setattr(domain, "NEXT", leads)


def recalled_too_late(monkeypatch):
    """A customer may cancel what is being packed."""
    recalled = lambda self, at: self.moved(State.CANCELLED, at)  # noqa: E731
    monkeypatch.setattr(Order, "recalled", recalled)


def still_reserved(monkeypatch):
    """What has left the house is not taken from what is reserved."""
    monkeypatch.setattr(catalogue, "ship", lambda sku, n: catalogue._move(sku, {"sold": n}, None))


def not_sold_again(monkeypatch):
    """What is cancelled does not come back to the shelf."""
    monkeypatch.setattr(catalogue, "give_back", catalogue.ship)


def one_piece_back(monkeypatch):
    give_back = catalogue.give_back
    monkeypatch.setattr(catalogue, "give_back", lambda sku, n: give_back(sku, 1))


def another_lot_back(monkeypatch):
    """Points given back never expire."""

    def given_back(order, points, today):
        lots = {ledger.NEVER: order.points_spent}
        return ledger.transfer(redemption.REDEEMED, ledger.points_of(ANN), lots)

    monkeypatch.setattr(redemption, "given_back", given_back)


def no_grace(monkeypatch):
    """Points given back expire as they would have."""
    monkeypatch.setattr(redemption, "GRACE_DAYS", -365)


@pytest.mark.parametrize(
    "bug",
    [
        leads_back,
        ships_twice,
        recalled_too_late,
        still_reserved,
        not_sold_again,
        one_piece_back,
        another_lot_back,
        no_grace,
    ],
)
def test_the_model_finds_a_shop_with_this_bug(monkeypatch, bug):
    bug(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(Shop, settings=HUNTING)
