from datetime import date

import pytest

from common.language import Text
from orders.catalogue.product import Kind, KindFixed, Product, StockState

TODAY = date(2026, 11, 23)


def product(available=10, **fields):
    made = {"sku": "TEA-1", "category": "tea", "kind": Kind.GOOD, "price_minor": 100}
    made |= {"name": Text("Чай", "Tea"), "description": Text("О", "D"), "available": available}
    return Product(**made | fields)


@pytest.mark.feature(28)
@pytest.mark.parametrize(
    ("available", "state"),
    [
        (None, StockState.ALWAYS),
        (0, StockState.OUT_OF_STOCK),
        (1, StockState.LOW),
        (5, StockState.LOW),
        (6, StockState.IN_STOCK),
    ],
)
def test_stock_is_told_in_words(available, state):
    assert product(available).stock_state is state


def test_a_service_never_runs_out():
    assert product(None, kind=Kind.SERVICE).covers(999)
    assert not product(2).covers(3)


def test_an_import_renews_words_and_price_but_not_stock():
    renewed = product(3, version=4).renewed(product(99, price_minor=120), TODAY)

    assert renewed == product(3, price_minor=120, version=5, past_prices={TODAY: 100})


def test_an_import_that_changes_nothing_leaves_the_version():
    known = product(3, version=4)

    assert known.renewed(product(99), TODAY) is known


def test_a_good_does_not_become_a_service():
    with pytest.raises(KindFixed):
        product().renewed(product(None, kind=Kind.SERVICE), TODAY)
