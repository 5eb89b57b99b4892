"""What is recommended, best first. Pure: whether it can be bought now is looked at afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from orders.catalogue.product import Product
from orders.purchases.purchase import Purchase
from orders.recommendations.counts import Counts
from orders.visits.visits import Visits

# What one order has together is chance, and one customer's own affair.
LEAST_TOGETHER = 2
# The latest of each kind that speak for somebody, and how much each says.
MOST_SOURCES = 10
BOUGHT, VIEWED, FOUND = 3.0, 2.0, 1.0
MOST_FOUND = 3
DEARER_AT_MOST = 1.5


def together(sources: Mapping[str, float], counts: Mapping[str, Counts]) -> list[str]:
    """What is bought with *sources*, by the share of their orders that it is in, each source
    having its weight; never one of them."""
    scores: Counter[str] = Counter()
    for source, weight in sources.items():
        found = counts.get(source, Counts())
        for sku, times in found.products.items():
            if times >= LEAST_TOGETHER and sku not in sources:
                scores[sku] += weight * times / found.orders  # type: ignore[assignment] # a share
    return _best(scores)


def popular(months: Iterable[Counts]) -> list[str]:
    """What is bought most."""
    total: Counter[str] = Counter()
    for counts in months:
        total.update(counts.products)
    return _best(total)


def interests(visits: Visits, purchases: Sequence[Purchase]) -> dict[str, float]:
    """What speaks for somebody's taste, with its weight: what they bought, looked at, and found
    by their searches lately."""
    newest = sorted(purchases, key=lambda bought: bought.last, reverse=True)[:MOST_SOURCES]
    weights: Counter[str] = Counter()
    for weight, skus in (
        (BOUGHT, [bought.sku for bought in newest]),
        (VIEWED, [view.sku for view in visits.views[:MOST_SOURCES]]),
        (FOUND, [sku for s in visits.searches[:MOST_SOURCES] for sku in s.found[:MOST_FOUND]]),
    ):
        for sku in dict.fromkeys(skus):
            weights[sku] += weight  # type: ignore[assignment] # a weight
    return dict(weights)


def for_you(
    sources: Mapping[str, float],
    counts: Mapping[str, Counts],
    usual: Sequence[str],
    owned: Iterable[str],
) -> list[str]:
    """What goes with *sources*, then what they only looked at, then the *usual*; nothing *owned*,
    for that is bought again or not."""
    own = set(owned)
    seen = sorted(sources, key=lambda sku: -sources[sku])
    ranked = dict.fromkeys([*together(sources, counts), *seen, *usual])
    return [sku for sku in ranked if sku not in own]


def again(purchases: Iterable[Purchase]) -> list[str]:
    """What was bought most often, of equals the latest first."""
    ranked = sorted(purchases, key=lambda bought: (bought.times, bought.last), reverse=True)
    return [bought.sku for bought in ranked]


def similar(product: Product, others: Iterable[Product]) -> list[str]:
    """Those of *others* most like *product*: by what they have in common, then by price. Variants
    of the same thing are not other things."""
    told = {(a.code, a.value.en) for a in product.attributes}

    def likeness(other: Product) -> tuple[float, str]:
        shared = len(told & {(a.code, a.value.en) for a in other.attributes})
        apart = abs(other.price_minor - product.price_minor) / max(product.price_minor, 1)
        return apart - shared, other.sku

    alike = [x for x in others if x.sku != product.sku and not _is_variant(x, product)]
    return [other.sku for other in sorted(alike, key=likeness)]


def upgrades(product: Product, others: Iterable[Product]) -> list[str]:
    """Those of *others* that are a little dearer, most alike first; variants too."""
    dearest = product.price_minor * DEARER_AT_MOST
    better = [x for x in others if product.price_minor < x.price_minor <= dearest]
    variants = [other.sku for other in better if _is_variant(other, product)]
    return [*variants, *similar(product, better)]


def can_be_offered(product: Product) -> bool:
    """Whether anybody can buy it now: what is for some customers first is recommended to none."""
    return product.can_be_bought and product.early_access_tier is None


def _is_variant(one: Product, other: Product) -> bool:
    return one.group is not None and one.group == other.group


def _best(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda sku: (-scores[sku], sku))
