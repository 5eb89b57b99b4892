from datetime import date, timedelta

import pytest

from orders.catalogue import prices

DAY = date(2026, 11, 23)


def ago(days):
    return DAY - timedelta(days=days)


def test_a_price_that_never_changed_has_no_prior_one():
    assert prices.lowest({}, DAY) is None


@pytest.mark.parametrize(("days", "lowest"), [(0, 900), (30, 900), (31, None)])
def test_a_reduction_names_its_prior_price_for_thirty_days(days, lowest):
    assert prices.lowest({ago(days): 900}, DAY) == lowest


def test_the_lowest_price_of_the_thirty_days_before_counts_and_no_older_one():
    past = prices.noted({ago(31): 100, ago(30): 500, ago(3): 700}, 900, DAY)

    assert past == {ago(30): 500, ago(3): 700, DAY: 900}
    assert prices.lowest(past, DAY) == 500


def test_of_several_prices_of_a_day_the_lowest_counts():
    past = prices.noted(prices.noted({}, 400, DAY), 900, DAY)

    assert past == {DAY: 400}


def test_however_often_a_price_changes_a_month_of_it_is_kept():
    past = {}
    for n in range(400):
        past = prices.noted(past, 1_000 + n, DAY + timedelta(days=n // 4))

    assert len(past) == 31
