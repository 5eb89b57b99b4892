"""Carts against naive ones: whatever a guest and a customer do, in any sequence, until they meet.

The decisions are the domain's; the rows that the store would write are kept as dictionaries here.
The model bites: each of the bugs planted below is found.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from common.language import Text
from models import HUNTING, QUIET
from orders.cart import cart as domain
from orders.cart import merge, rows
from orders.cart.cart import Cart, CartFull, SavedFull, UnknownProduct
from orders.catalogue.product import Kind, Product

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKUS = ("TEA", "CUP", "POT", "JAM", "WRAP")  # the last one is a service
MOST_LINES, MOST_SAVED, MOST_PIECES = 3, 1, 6
WHO = st.sampled_from(("own", "guest"))
SKU = st.sampled_from(SKUS)
PIECES = st.integers(1, MOST_PIECES)
RANK = ("unavailable", "out_of_stock", "only_n_left", "price_changed")


def product(sku):
    stock = (Kind.SERVICE, None) if sku == "WRAP" else (Kind.GOOD, 4)
    return Product(sku, "tea", stock[0], Text(sku, sku), Text("", ""), 100, stock[1])


class Carts(RuleBasedStateMachine):
    """*naive* is what both carts hold: pieces and the price that was seen, by product."""

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.products = {sku: product(sku) for sku in SKUS}
        self.carts = {who: replace(rows.NEVER_WRITTEN, id=who) for who in ("own", "guest")}
        self.naive = {who: {"lines": {}, "saved": {}} for who in self.carts}

    def keep(self, who, lines, saved):
        found = {line.sku: line for line in lines}, {line.sku: line for line in saved}
        assert not found[0].keys() & found[1].keys()
        self.carts[who] = replace(
            self.carts[who], lines=tuple(found[0].values()), saved=tuple(found[1].values())
        )

    def without(self, who, sku):
        cart = self.carts[who]
        return [[x for x in kept if x.sku != sku] for kept in (cart.lines, cart.saved)]

    # --- what happens ---

    @rule(who=WHO, sku=SKU, pieces=PIECES)
    def put(self, who, sku, pieces):
        self.now += timedelta(minutes=1)
        cart, held = self.carts[who], self.naive[who]["lines"]
        if sku not in held and len(held) == MOST_LINES:
            with pytest.raises(CartFull):
                cart.line_of(self.products[sku], pieces, self.now)
            return
        line = cart.line_of(self.products[sku], pieces, self.now)
        lines, saved = self.without(who, sku)
        self.keep(who, [*lines, line], saved)
        held[sku] = pieces, self.products[sku].price_minor
        self.naive[who]["saved"].pop(sku, None)

    @rule(who=WHO, which=st.integers(0, 9))
    def save(self, who, which):
        cart, naive = self.carts[who], self.naive[who]
        choice = [*naive["lines"], *SKUS]  # what is there comes first
        sku = choice[which % len(choice)]
        if sku in naive["saved"]:
            assert cart.saving(sku) is None
        elif sku not in naive["lines"]:
            with pytest.raises(UnknownProduct):
                cart.saving(sku)
        elif len(naive["saved"]) == MOST_SAVED:
            with pytest.raises(SavedFull):
                cart.saving(sku)
        else:
            lines, saved = self.without(who, sku)
            self.keep(who, lines, [*saved, cart.saving(sku)])
            naive["saved"][sku] = naive["lines"].pop(sku)

    @rule(who=WHO, sku=SKU)
    def take_out(self, who, sku):
        self.keep(who, *self.without(who, sku))
        for kept in self.naive[who].values():
            kept.pop(sku, None)

    @rule(sku=SKU, price=st.sampled_from((90, 100, 110)), left=st.integers(0, 5))
    def change_the_product(self, sku, price, left):
        there = None if sku == "WRAP" else left
        self.products[sku] = replace(self.products[sku], price_minor=price, available=there)

    @rule(who=WHO)
    def tell_of_new_prices(self, who):
        prices = {sku: one.price_minor for sku, one in self.products.items()}
        self.carts[who] = self.carts[who].at_prices(prices)
        lines = self.naive[who]["lines"]
        lines.update({sku: (pieces, prices[sku]) for sku, (pieces, _) in lines.items()})

    @rule()
    def sign_in(self):
        """The guest turns out to be the customer: each line of the guest's goes where it fits."""
        own, guest = self.naive["own"], self.naive["guest"]
        left = {"lines": {}, "saved": {}}
        for sku, (pieces, price) in guest["lines"].items():
            if sku in own["lines"]:
                before = own["lines"][sku][0]
                own["lines"][sku] = self.together(sku, before, pieces), price
            elif len(own["lines"]) < MOST_LINES:
                own["lines"][sku] = pieces, price
                own["saved"].pop(sku, None)
            else:
                self.put_by(own, sku, (pieces, price), left["lines"])
        for sku, line in guest["saved"].items():
            if sku not in own["lines"]:
                self.put_by(own, sku, line, left["saved"])
        self.naive["guest"] = left
        found = merge.merged(self.carts["own"], self.carts["guest"], self.products)
        self.keep("own", found.cart.lines, found.cart.saved)
        self.keep("guest", found.rest.lines, found.rest.saved)
        told = {one.sku: one.quantity for one in found.moved if one.quantity}
        held = own["lines"] | own["saved"]
        assert told.keys() <= held.keys()
        assert all(held[sku][0] == pieces or sku in own["saved"] for sku, pieces in told.items())

    def together(self, sku, before, pieces):
        """As many as are there; never fewer than either cart had."""
        there = self.products[sku].available
        wanted = min(before + pieces, MOST_PIECES)
        return max(before, pieces, wanted if there is None else min(wanted, there))

    def put_by(self, own, sku, line, left):
        if sku in own["saved"]:
            return
        (own["saved"] if len(own["saved"]) < MOST_SAVED else left)[sku] = line

    # --- what always holds ---

    @invariant()
    def the_carts_hold_what_the_naive_ones_do(self):
        for who, cart in self.carts.items():
            for name in ("lines", "saved"):
                lines = getattr(cart, name)
                held = {line.sku: (line.quantity, line.price_minor) for line in lines}
                assert held == self.naive[who][name]

    @invariant()
    def what_is_wrong_with_a_line_is_said_worst_first(self):
        for who, cart in self.carts.items():
            for line in cart.lines:
                told = [
                    trouble.code.value for trouble in line.troubles(self.products[line.sku], ())
                ]
                assert told == sorted(self.wrong(who, line.sku), key=RANK.index)
                assert [t.code.value for t in line.troubles(None, ())] == ["unavailable"]

    def wrong(self, who, sku):
        pieces, seen = self.naive[who]["lines"][sku]
        now, there = self.products[sku].price_minor, self.products[sku].available
        if there is not None and there < pieces:
            yield "only_n_left" if there else "out_of_stock"
        if now != seen:
            yield "price_changed"

    @invariant()
    def nobody_has_more_than_fits(self):
        for cart in self.carts.values():
            assert len(cart.lines) <= MOST_LINES
            assert len(cart.saved) <= MOST_SAVED


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Carts that are soon full."""
    for module in (domain, merge):
        monkeypatch.setattr(module, "MOST_LINES", MOST_LINES)
        monkeypatch.setattr(module, "MOST_SAVED", MOST_SAVED)
    monkeypatch.setattr(merge, "MOST_PIECES", MOST_PIECES)


@pytest.mark.feature(29)
@pytest.mark.case("I12")
def test_carts_are_as_the_naive_ones():
    run_state_machine_as_test(Carts, settings=QUIET)


def more_than_there_is(monkeypatch):
    together = lambda line, earlier, _: line.quantity + (earlier.quantity if earlier else 0)  # noqa: E731
    monkeypatch.setattr(merge, "_together", together)


def the_guests_alone(monkeypatch):
    """What the customer had of it is forgotten."""
    monkeypatch.setattr(merge, "_together", lambda line, earlier, product: line.quantity)


def no_room_for_more(monkeypatch):
    """What finds no room is lost."""
    monkeypatch.setattr(merge, "_save", lambda line, saved: True)


def room_for_all(monkeypatch):
    monkeypatch.setattr(merge, "MOST_LINES", MOST_LINES + 1)


def old_prices(monkeypatch):
    monkeypatch.setattr(Cart, "at_prices", lambda self, prices: self)


def one_too_many(monkeypatch):
    monkeypatch.setattr(domain, "MOST_LINES", MOST_LINES + 1)


def saved_without_end(monkeypatch):
    monkeypatch.setattr(domain, "MOST_SAVED", MOST_SAVED + 1)


def always_there(monkeypatch):
    monkeypatch.setattr(Product, "covers", lambda self, quantity: True)


@pytest.mark.parametrize(
    "bug",
    [
        more_than_there_is,
        the_guests_alone,
        no_room_for_more,
        room_for_all,
        old_prices,
        one_too_many,
        saved_without_end,
        always_there,
    ],
)
def test_the_model_finds_a_cart_with_this_bug(monkeypatch, bug):
    bug(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run_state_machine_as_test(Carts, settings=HUNTING)
