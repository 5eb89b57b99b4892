"""How often a product left out of a basket is among those recommended for the rest of it: offline,
against recommending what everybody buys. The baskets are made up, since no real ones can be had
without a network; docs/design.md says what that is worth."""

import random
from itertools import accumulate

import pytest

from orders.recommendations import ranking
from orders.recommendations.counts import Counts

PRODUCTS, THEMES = 600, 40
TRAINED, ASKED = 6_000, 600
SHOWN = 12
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
    """(recommended, popular): the shares of left-out products that each list holds."""
    chance = random.Random(55)  # noqa: S311 - a repeatable measure, no secret
    together, shop = {}, Counts()
    for basket in baskets(chance, TRAINED, themed):
        shop = shop.counting(basket)
        for sku in basket:
            found = together.get(sku, Counts())
            together[sku] = found.counting(other for other in basket if other != sku)
    usual, hits = ranking.popular([shop]), [0, 0]
    for basket in baskets(chance, ASKED, themed):
        left_out = chance.choice(basket)
        rest = dict.fromkeys((sku for sku in basket if sku != left_out), 1.0)
        ours = ranking.for_you(rest, together, usual, rest)
        plain = [sku for sku in usual if sku not in rest]
        for n, ranked in enumerate((ours, plain)):
            hits[n] += left_out in ranked[:SHOWN]
    return hits[0] / ASKED, hits[1] / ASKED


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
