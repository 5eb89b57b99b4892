"""How often a product left out of a basket is among those recommended for the rest of it, against
recommending what everybody buys; on MovieLens 100K, which RecBole's wheel ships as an example:

    pip download --no-deps recbole==1.2.1
    PYTHONPATH=functions:layers/common .venv/bin/python -m local.bench.hit_rate recbole-*.whl

The data are not kept here, for they may not be passed on (grouplens.org/datasets).
"""

import hashlib
import random
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import batched

from local.console import Trouble, plain, say
from orders.recommendations import ranking
from orders.recommendations.counts import Counts

SHOWN = 12
FILE = "recbole/dataset_example/ml-100k/ml-100k.inter"
SHA256 = "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff"
LIKED = 4.0
# As many as go into an order: what somebody liked one after another.
BASKET = 6

type Basket = Sequence[str]


def rates(trained: Sequence[Basket], asked: Sequence[Basket]) -> tuple[float, float]:
    """(recommended, popular): the shares of left-out products that each list holds. What is popular
    is counted exactly here, which the shop itself does not."""
    chance = random.Random(55)  # noqa: S311 - a repeatable measure, no secret
    together, usual = counted(trained)
    exact = Counter(sku for basket in trained for sku in basket)
    popular = [sku for sku, _ in exact.most_common()]
    hits = [0, 0]
    for basket in asked:
        left_out = chance.choice(basket)
        rest = dict.fromkeys((sku for sku in basket if sku != left_out), 1.0)
        ours = ranking.for_you(rest, together, usual, rest)
        others = [sku for sku in popular if sku not in rest]
        for n, ranked in enumerate((ours, others)):
            hits[n] += left_out in ranked[:SHOWN]
    return hits[0] / len(asked), hits[1] / len(asked)


def counted(baskets: Sequence[Basket]) -> tuple[dict[str, Counts], list[str]]:
    """What the counters hold after *baskets*: what goes with each product, and what is usual."""
    together: dict[str, Counts] = {}
    shop = Counts()
    for basket in baskets:
        shop = shop.counting(basket)
        for sku in basket:
            found = together.get(sku, Counts())
            together[sku] = found.counting(other for other in basket if other != sku)
    return together, ranking.popular([shop])


def movie_lens(wheel: str) -> list[Basket]:
    """The baskets of MovieLens 100K, by their time: films that somebody liked in a row."""
    liked: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for line in _data(wheel).splitlines()[1:]:
        user, film, rating, at = line.split("\t")
        if float(rating) >= LIKED:
            liked[user].append((float(at), film))
    return [basket for _, basket in sorted(_baskets(liked))]


def _baskets(liked: dict[str, list[tuple[float, str]]]) -> Iterator[tuple[float, Basket]]:
    for films in liked.values():
        for row in batched(sorted(films), BASKET, strict=False):
            if len(row) > 1:
                yield row[-1][0], [film for _, film in row]


def _data(wheel: str) -> str:
    data = zipfile.ZipFile(wheel).read(FILE)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise Trouble(f"{wheel} holds other data")
    return data.decode()


def main() -> None:
    baskets = movie_lens(sys.argv[1])
    cut = len(baskets) * 4 // 5
    ours, popular = rates(baskets[:cut], baskets[cut:])
    say(f"{cut} baskets learnt, {len(baskets) - cut} asked, {SHOWN} shown of what is counted:")
    say(f"recommended {ours:.1%}, popular {popular:.1%}")


if __name__ == "__main__":
    with plain():
        main()
