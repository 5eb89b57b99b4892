from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from common import ids, pricing
from common.events import LARGEST_BYTES
from common.language import Text
from orders.cart.cart import MOST_LINES
from orders.catalogue.fields import LONGEST_NAME
from orders.order import redemption
from orders.order.bill import Bill, Method
from orders.order.facts import FACTS, fact
from orders.order.number import number
from orders.order.order import NEXT, Order, State, Step, TransitionNotAllowed
from orders.order.parcel import MOST_TIDINGS, Parcel, Status, Tiding
from orders.order.parts import Delivery, Line

SUMMER = date(2026, 6, 1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID = "019aafc5-0e00-7000-8000-00003fffffff"
TEA = Line("TEA-1", Text("Чай", "Tea"), 2, 26_000, shipped=True)
WRAP = Line("WRAP", Text("Упаковка", "Wrapping"), 1, 29_000, shipped=False)
PARCELS = (Parcel("post", "RR1"), Parcel("express", "EX-2"))
PATHS = [
    [State.ASSEMBLING, State.SHIPPED, State.DELIVERED, State.COMPLETED],
    [State.ASSEMBLING, State.CANCELLED],
    [State.CANCELLED],
]


@pytest.fixture
def placed():
    return Order(
        id=ID,
        customer_id="c-1",
        version=1,
        day=date(2026, 11, 23),
        lines=(TEA, WRAP),
        totals=pricing.Totals(81_000, 29_900, 12_000, 98_900, 219_000),
        currency="RUB",
        points={"2026-12-01": 100, "never": 20},
        delivery=Delivery("Анна", None, "Москва"),
        bill=Bill(Method.CASH, "c-1", 1_000),
        history=(Step(State.PLACED, NOON),),
    )


def at_point(order):
    return replace(order, delivery=replace(order.delivery, point_id="arbat"))


def along(order, path):
    for state in path:
        order = order.moved(state, NOON, PARCELS if state is State.SHIPPED else ())
    return order


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[-1])
def test_an_order_goes_its_way_and_remembers_it(placed, path):
    moved = along(placed, path)

    assert moved.state is path[-1]
    assert [step.state for step in moved.history] == [State.PLACED, *path]
    assert moved.version == 1 + len(path)
    assert moved.next_states == ()


@pytest.mark.case("I12")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_no_state_leads_where_the_machine_does_not(placed, state, to):
    order = replace(at_point(placed), history=(Step(state, NOON),))

    if to in NEXT[state]:
        assert order.moved(to, NOON).state is to
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            order.moved(to, NOON)
        assert refused.value.members == {"state": state, "next_states": list(NEXT[state])}


@pytest.mark.case("I12")
@pytest.mark.parametrize("state", [State.PLACED, State.PAID])
def test_what_is_not_shipped_is_not_packed(placed, state):
    order = replace(placed, lines=(WRAP,), history=(Step(state, NOON),))
    assert order.next_states == (State.DELIVERED, State.CANCELLED)
    assert along(order, [State.DELIVERED]).next_states == (State.COMPLETED,)


def test_a_customer_may_cancel_until_somebody_works_on_the_order(placed):
    assert placed.recalled(NOON).state is State.CANCELLED
    with pytest.raises(TransitionNotAllowed):
        along(placed, [State.ASSEMBLING]).recalled(NOON)


def test_the_tracking_number_stays_with_the_order(placed):
    assert along(placed, PATHS[0]).tracking_number == "RR1"


@pytest.mark.case("I12")
def test_points_go_back_lot_by_lot_as_they_were_taken(placed):
    spent = redemption.spending(placed)
    back = redemption.reversal(placed.moved(State.CANCELLED, NOON), SUMMER)

    [gave, got] = spent.legs
    assert gave.account == "customer:c-1:points"
    assert gave.lots == {"2026-12-01": -100, "never": -20}
    assert {leg.account: leg.lots for leg in back.legs} == {
        got.account: {"2026-12-01": -100, "never": -20},
        gave.account: {"2026-12-01": 100, "never": 20},
    }
    assert spent.id != back.id


@pytest.mark.case("K3")
def test_points_given_back_after_their_last_day_can_be_spent_for_a_fortnight(placed):
    cancelled = placed.moved(State.CANCELLED, NOON)

    for day in (date(2026, 11, 20), date(2026, 12, 2), date(2027, 1, 1)):
        fortnight = max("2026-12-01", (day + timedelta(days=14)).isoformat())
        lots = redemption.reversal(cancelled, day).legs[1].lots
        assert lots == {fortnight: 100, "never": 20}


def test_stock_is_kept_of_goods_only(placed):
    assert placed.goods == [TEA]


def test_a_number_tells_the_month_and_never_changes():
    assert number(ID) == number(ID) == "2511-ZZZZZZ"


def test_numbers_hold_no_letter_that_could_be_misread():
    numbers = {number(ids.new(NOON)) for _ in range(500)}

    assert len(numbers) == 500
    assert not set("".join(numbers)) & set("ILOU")


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_event(placed, state):
    assert set(FACTS) == set(State)
    order = replace(at_point(placed), history=(Step(state, NOON),), parcels=PARCELS)

    event = fact(order, ids.new(NOON))

    told = State.PLACED if state is State.AWAITING_PAYMENT else state
    assert event.name == f"orders.order_{told}.v1"
    assert (event.order_id, event.number, event.subject_version) == (ID, order.number, 1)
    assert event.occurred_at == NOON


@pytest.mark.case("E10")
def test_the_largest_order_fits_into_one_event(placed):
    widest = Text("\N{TEAPOT}" * LONGEST_NAME, "\N{TEAPOT}" * LONGEST_NAME)
    line = Line("A" * 40, widest, 999, 10**12, shipped=True)

    event = fact(replace(placed, lines=(line,) * MOST_LINES), ids.new(NOON))

    assert len(event.model_dump_json().encode()) <= LARGEST_BYTES


def test_only_what_goes_to_a_pick_up_point_waits_at_one(placed):
    way = [State.ASSEMBLING, State.SHIPPED, State.READY_FOR_PICKUP, State.DELIVERED]

    assert along(at_point(placed), way).state is State.DELIVERED
    waiting = along(at_point(placed), way[:-1])
    assert waiting.kept_until == NOON + timedelta(days=7)
    with pytest.raises(TransitionNotAllowed):
        along(placed, way)


def told(order, number, status, at=NOON, id_="n-1"):
    carrier = next(one.carrier for one in order.parcels if one.tracking_number == number)
    return order.tracked((carrier, number), Tiding(id_, status, at, "Kazan"))


@pytest.mark.feature(38)
def test_an_order_is_delivered_with_the_last_of_its_parcels(placed):
    shipped = along(placed, PATHS[0][:2])

    one = told(shipped, "RR1", Status.DELIVERED)
    both = told(one, "EX-2", Status.DELIVERED)

    assert (shipped.brought_to, one.brought_to, both.brought_to) == (None, None, State.DELIVERED)


@pytest.mark.feature(38)
def test_an_order_waits_at_its_point_with_the_last_of_its_parcels(placed):
    for order, reached in ((placed, None), (at_point(placed), State.READY_FOR_PICKUP)):
        shipped = along(order, PATHS[0][:2])
        one = told(shipped, "RR1", Status.READY_FOR_PICKUP)
        assert one.brought_to is None
        assert told(one, "EX-2", Status.DELIVERED).brought_to is reached


@pytest.mark.case("E1", "E2")
def test_tidings_count_once_and_by_their_own_moments(placed):
    shipped = along(placed, PATHS[0][:2])
    early, late = NOON + timedelta(hours=1), NOON + timedelta(hours=2)

    in_order = told(shipped, "RR1", Status.ACCEPTED, early, "a")
    in_order = told(in_order, "RR1", Status.IN_TRANSIT, late, "b")
    turned = told(shipped, "RR1", Status.IN_TRANSIT, late, "b")
    turned = told(turned, "RR1", Status.ACCEPTED, early, "a")

    assert turned.parcels == in_order.parcels
    assert turned.parcels[0].status is Status.IN_TRANSIT
    assert told(turned, "RR1", Status.ACCEPTED, late, "a") is turned


def test_what_is_delivered_stays_so_and_only_the_newest_tidings_are_kept(placed):
    order = told(along(placed, PATHS[0][:2]), "RR1", Status.DELIVERED, NOON, "first")
    for n in range(MOST_TIDINGS - 1):
        moment = NOON + timedelta(minutes=n)
        order = told(order, "RR1", Status.IN_TRANSIT, moment, f"n-{n}")

    assert order.parcels[0].status is Status.DELIVERED
    older = told(order, "RR1", Status.ACCEPTED, NOON - timedelta(days=1), "older")
    assert older is order
