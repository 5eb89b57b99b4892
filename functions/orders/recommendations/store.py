"""Counts of purchases in DynamoDB.

pk                        sk      what
TOGETHER#<sku>            COUNTS  the orders that a product was in, and what else was in them
POPULAR#<month>#<shard>   COUNTS  what was bought in a month; three months

Rows are bounded (orders.recommendations.counts), know no customer, and change under their version
in the transaction that counts an order once. One row for the whole shop would be its hottest, so
popularity is counted in shards.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from common import clock, table
from common.conditions import as_read
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.order.order import Order
from orders.recommendations.counts import Counts

SK = "COUNTS"
SHARDS = 4
KEPT = timedelta(days=93)
# Of a long order the first lines are counted: each takes one of the hundred writes.
MOST_LINES = 10
MOST_OF_A_CATEGORY = 100
MOST_CANDIDATES = 60


def find(skus: Iterable[str]) -> dict[str, Counts]:
    """What was bought with each of *skus* (at most 100), in one round trip."""
    wanted = list(skus)
    rows = table.get_many(*(_together(sku) for sku in wanted))
    return dict(zip(wanted, map(_parse, rows), strict=True))


def find_with(sku: str) -> tuple[Product | None, Counts]:
    """A product that is sold, and what was bought with it; one round trip."""
    product, row = table.get_many(catalogue.key(sku), _together(sku))
    return catalogue.sold(product), _parse(row)


def popular_keys(today: date) -> list[tuple[str, str, str]]:
    """Where this month's and the last one's counts lie, for a read together with other items."""
    last = today.replace(day=1) - timedelta(days=1)
    return [_popular(month, shard) for month in (today, last) for shard in range(SHARDS)]


def parse_all(rows: Sequence[table.Item | None]) -> list[Counts]:
    return [_parse(row) for row in rows]


def of_category(category: str) -> list[Product]:
    """Products of a category, as an index has them, which lags a moment behind."""
    page = catalogue.page(category, MOST_OF_A_CATEGORY, None)
    return [catalogue.parse(item) for item in page.items]


def on_sale(skus: Iterable[str]) -> dict[str, Product]:
    """Those of the first *skus* that are sold, in one round trip."""
    wanted = list(islice(dict.fromkeys(skus), MOST_CANDIDATES))
    return catalogue.find_many(wanted)


def counted(order: Order) -> list[table.Write]:
    """The writes that count the order's products; each is refused once its row is another than
    it was here."""
    skus = [line.sku for line in order.lines[:MOST_LINES]]
    day = clock.day_of(order.delivered_at)
    places = [*map(_together, skus), _popular(day, zlib.crc32(order.id.encode()) % SHARDS)]
    rows = table.get_many(*places)
    *found, shop = map(_parse, rows)
    others = [[other for other in skus if other != sku] for sku in skus]
    after = [counts.counting(o) for counts, o in zip(found, others, strict=True)]
    ends = int((order.delivered_at + KEPT).timestamp())
    month = _written(places[-1], shop, shop.counting(skus), ends)
    pairs = zip(places, found, after, strict=False)
    return [*(_written(place, before, then) for place, before, then in pairs), month]


def _written(
    place: tuple[str, str, str], before: Counts, after: Counts, ends: int | None = None
) -> table.Write:
    _, pk, sk = place
    row = {"pk": pk, "sk": sk, "orders": after.orders, "products": dict(after.products)}
    row |= {"version": after.version} | ({"expires_at": ends} if ends else {})
    return table.put(row, as_read(before.version))


def _parse(row: table.Item | None) -> Counts:
    return Counts(row["orders"], row["products"], row["version"]) if row else Counts()


def _together(sku: str) -> tuple[str, str, str]:
    return table.OWN, f"TOGETHER#{sku}", SK


def _popular(month: date | datetime, shard: int) -> tuple[str, str, str]:
    return table.OWN, f"POPULAR#{month:%Y-%m}#{shard}", SK
