from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid
from insights import counts

TODAY = date(2026, 3, 31)


def test_the_usual_period_is_thirty_days_with_today():
    assert counts.period(None, None, TODAY) == counts.Period(date(2026, 3, 2), TODAY)
    assert len(counts.period(None, None, TODAY).days()) == 30


def test_a_last_day_alone_ends_thirty_days_and_a_first_day_alone_begins_what_ends_today():
    assert counts.period(None, "2026-02-28", TODAY).first == date(2026, 1, 30)
    assert counts.period("2026-03-30", None, TODAY).days() == [date(2026, 3, 30), TODAY]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [("2026-03-31", "2026-03-31", 1), ("2027-12-31", "2028-12-30", 366)],
)
def test_a_period_counts_both_its_ends(first, last, days):
    assert len(counts.period(first, last, TODAY).days()) == days


@pytest.mark.case("V12")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-02-30", None),
        (None, "2025-13-01"),
        ("2026-04-01", None),
        ("2026-03-02", "2026-03-01"),
        ("2025-03-30", "2026-03-31"),
        ("2000-01-01", "2999-12-31"),
    ],
)
def test_a_period_that_cannot_be_is_refused(first, last):
    with pytest.raises(Invalid):
        counts.period(first, last, TODAY)


def test_an_average_needs_an_order():
    assert counts.average_order({}) is None
    assert counts.average_order({"orders_delivered": 3, "revenue_minor": 1000}) == 333


amounts = st.dictionaries(st.sampled_from(["orders", "letters"]), st.integers(0, 9), max_size=2)


@given(st.lists(amounts, max_size=8))
def test_the_total_is_the_sum_of_the_days(rows):
    days = {TODAY + timedelta(n): row for n, row in enumerate(rows)}

    assert sum(counts.total(days).values()) == sum(sum(row.values()) for row in rows)
