from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import ids, ledger, pricing
from loyalty import points

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDER = ids.first_at(NOON)


@pytest.mark.parametrize(
    ("paid_minor", "earned"),
    [(0, 0), (1_999, 0), (2_000, 1), (3_999, 1), (199_900, 99), (200_000, 100), (-2_000, 0)],
)
@pytest.mark.feature(56)
def test_five_percent_of_the_money_paid_come_back_as_whole_points(paid_minor, earned):
    assert points.earned(paid_minor, 5) == earned


@given(st.integers(0, 10**12))
def test_points_are_never_worth_more_than_five_percent_and_miss_less_than_one_point(paid_minor):
    worth = points.earned(paid_minor, 5) * pricing.POINT_MINOR
    assert 0 <= paid_minor * 5 - worth * 100 < pricing.POINT_MINOR * 100


@pytest.mark.parametrize(
    ("earned_on", "last_day"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
@pytest.mark.case("K3")
def test_points_are_good_for_365_days(earned_on, last_day):
    assert points.expires_on(earned_on) == last_day


def test_an_orders_points_are_the_same_posting_whatever_event_tells_of_it():
    posting = points.accrual(ORDER, "ann", 5, date(2027, 3, 1), NOON)

    later = points.accrual(ORDER, "ann", 5, date(2027, 3, 2), NOON.replace(hour=23))
    assert posting.id == later.id
    assert posting.legs == ledger.transfer(
        "shop:points:issued", "customer:ann:points", {"2027-03-01": 5}
    )


def test_history_shows_the_owners_leg_signed_and_newest_first():
    accrual = points.accrual(ORDER, "ann", 5, date(2027, 3, 1), NOON)
    back = accrual.legs[1].lots
    spent = ledger.Posting(
        ids.derived(ORDER, "x"),
        "redemption",
        NOON.replace(hour=13),
        ledger.transfer("customer:ann:points", points.ISSUED, back),
    )
    account = ledger.Account({}, (replace(accrual), spent))

    assert points.history(account, "customer:ann:points") == [
        points.Entry(spent.id, "redemption", -5, spent.at, None),
        points.Entry(accrual.id, "accrual", 5, NOON, ORDER),
    ]
