"""How often a product left out of a basket is among those recommended for the rest of it: offline,
against recommending what everybody buys. The baskets are made up; `local.bench.hit_rate` measures
the same on real ones, and docs/design.md says what came of it."""

import random
from itertools import accumulate

import pytest

from local.bench.hit_rate import rates

PRODUCTS, THEMES = 600, 40
TRAINED, ASKED = 6_000, 600
# What is bought follows Zipf: the hundredth product sells a hundredth of the first.
WEIGHTS = list(accumulate(1 / (n + 1) for n in range(PRODUCTS)))


def baskets(chance, count, themed):
    """Orders of two to six products; each is of the order's theme with probability *themed*."""
    for _ in range(count):
        theme = chance.randrange(THEMES)
        size, basket = chance.randint(2, 6), set()
        while len(basket) < size:
            [n] = chance.choices(range(PRODUCTS), cum_weights=WEIGHTS)
            if chance.random() < themed:
                n = n - n % THEMES + theme
            basket.add(f"SKU-{n % PRODUCTS}")
        yield sorted(basket)


def hit_rates(themed):
    chance = random.Random(55)  # noqa: S311 - a repeatable measure, no secret
    trained = list(baskets(chance, TRAINED, themed))
    return rates(trained, list(baskets(chance, ASKED, themed)))


@pytest.mark.feature(48)
def test_where_baskets_have_themes_it_beats_what_everybody_buys(record_property):
    ours, popular = hit_rates(themed=0.7)
    record_property("hit rate", [ours, popular])

    assert ours > 1.3 * popular


@pytest.mark.feature(48)
def test_where_they_have_none_it_loses_little(record_property):
    ours, popular = hit_rates(themed=0.0)
    record_property("hit rate", [ours, popular])

    assert ours > 0.85 * popular
