"""What a return does to a promo code that needs a sum: the promises, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from common import pricing
from common.language import Text
from orders.order.bill import Bill, Method, Status
from orders.order.order import Order, State, Step
from orders.order.parts import Delivery, Line, Used
from orders.returns import exchange, holding, promise
from orders.returns.parts import Exchange, Promise
from orders.returns.reasons import Reason
from orders.returns.returns import Return

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
TERMS = promise.Terms(DAY, DAY, 14, 0)
MIND, DEFECT = Reason.CHANGED_MIND, Reason.DEFECT


def line(sku, price, discount, money=False):
    paid = price - discount
    return Line(sku, Text(sku, sku), 1, price, not money, paid, 0, 0, 0, discount, money=money)


def order(from_minor, *lines):
    """Delivered, and paid at the door."""
    goods, off = sum(x.total_minor for x in lines), sum(x.discount_minor for x in lines)
    total = goods - off
    return Order(
        id="order",
        customer_id="ann",
        version=1,
        day=DAY,
        lines=lines,
        totals=pricing.Totals(goods, 0, 0, total, 0, off),
        currency="RUB",
        points={},
        delivery=Delivery("Anna", "+79991234567", "Moscow"),
        bill=Bill(Method.CASH, "ann", total, 0, status=Status.CAPTURED),
        history=(Step(State.PLACED, NOON), Step(State.DELIVERED, NOON)),
        coupon=Used("CODE", pricing.Discount(0, off, from_minor), limited=False, per_customer=None),
    )


def three(from_minor=200_000, off=10_000):
    return order(from_minor, *(line(sku, 100_000, off) for sku in "ABC"))


def promised(before, wanted, exchanged=()):
    """The return of what is *wanted* for reasons, by SKU, as it is promised."""
    asked = [promise.Wanted(sku, 1, reason) for sku, reason in wanted.items()]
    items = promise.items(before, asked, TERMS)
    items = [
        replace(x, exchange=Exchange(x.sku, x.name, x.paid_minor, x.paid_minor))
        if x.sku in exchanged
        else x
        for x in items
    ]
    told = exchange.carried(promise.promise(before, items, 0), items)
    shared = {"id": "return", "customer_id": "ann", "order_id": "order", "order_number": "1"}
    return Return(
        **shared,
        currency="RUB",
        version=1,
        items=tuple(items),
        promise=told,
        comment=None,
        history=(),
    )


def settled(before, one, *came):
    """The order, and what was given, once of the return *came* is there."""
    held = holding.claimed(before, one)
    items = tuple(replace(x, restocked=int(x.sku in came)) for x in one.items)
    there = replace(one, items=items)
    given_: Promise = holding.accepted(held, there, 0)
    return holding.settled(held, one, replace(there, promise=given_)), given_


def test_what_is_exchanged_counts_as_staying_also_later():
    before = three()
    after, _ = settled(before, promised(before, {"A": MIND}, "A"), "A")
    assert promised(after, {"B": MIND}).promise.discount_minor == 0


def test_what_the_shop_is_to_blame_for_counts_as_staying_also_beside_others():
    before = three(300_000)
    one = promised(before, {"A": MIND, "B": DEFECT}, "A")
    assert one.promise.discount_minor == 0
    after, _ = settled(three(), promised(three(), {"B": DEFECT}), "B")
    assert promised(after, {"C": MIND}).promise.discount_minor == 0


def test_what_is_exchanged_pays_for_nothing_that_is_kept_back():
    costly = order(210_000, *(line(s, p, p * 2 // 7) for s, p in (("A", 100_000), ("B", 10_000))))
    told = promised(costly, {"A": MIND, "B": MIND}, "A").promise
    assert told.total_minor >= told.carried_minor


def test_an_exchange_of_which_the_rest_stayed_away_can_be_received():
    before = three(250_000)
    one = promised(before, {"A": MIND, "B": MIND}, "A")
    _, given_ = settled(before, one, "A")
    assert (given_.carried_minor, given_.back.total_minor) == (90_000, 0)


def test_a_gift_card_is_no_part_of_the_sum():
    before = order(
        200_000,
        line("A", 100_000, 10_000),
        line("B", 100_000, 10_000),
        line("CARD", 500_000, 0, True),
    )
    assert promised(before, {"B": MIND}).promise.discount_minor == 10_000


@given(
    st.permutations("ABC"),
    st.lists(st.sampled_from((MIND, DEFECT)), min_size=3, max_size=3),
    st.sampled_from((0, 100_000, 200_000, 250_000, 300_000)),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_one_after_another_comes_to_what_was_paid_and_never_more(skus, reasons, from_minor, sent):
    """Whatever did not come when it was to come comes at last."""
    now, total = three(from_minor), 0
    for sku, reason, comes in zip([*skus], reasons, sent, strict=True):
        now, given_ = settled(now, promised(now, {sku: reason}), *([sku] if comes else []))
        total += given_.total_minor
        assert 0 <= total <= 270_000
    for one in now.lines:
        if one.returned < one.quantity:
            now, given_ = settled(now, promised(now, {one.sku: MIND}), one.sku)
            total += given_.total_minor
    assert total == 270_000
