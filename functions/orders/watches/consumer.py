"""Whoever watches a product is told: page by page, each once, however often the news comes.

A page is one transaction: its watchers are noted as told with the events that tell them. The next
pages follow in the same call; after some of them the queue carries the news on.
"""

from collections.abc import Sequence

from common import ids, outbox, table
from common.events.catalogue import (
    BackInStock,
    PriceDropped,
    WatchedBackInStock,
    WatchedPriceDropped,
    WatchersLeft,
)
from orders.catalogue import store as catalogue
from orders.catalogue.product import Product
from orders.watches import store
from orders.watches.store import Watcher
from orders.watches.watch import Kind

# Four writes a watcher at most, of the hundred of a transaction.
PAGE = 24
PAGES_AT_ONCE = 20

type News = PriceDropped | BackInStock


def tell(news: News) -> None:
    """Tell all who watch, if the news still is true."""
    _go_through(news, None)


def go_on(left: WatchersLeft) -> None:
    """Tell those who are left."""
    kind = PriceDropped if Kind(left.kind) is Kind.PRICE else BackInStock
    _go_through(kind.model_validate_json(left.news), left.after)


def still_costs(product: Product | None, price_minor: int) -> bool:
    """Whether the product is sold for *price_minor* or less."""
    return product is not None and not product.archived and product.price_minor <= price_minor


def can_be_bought(product: Product | None) -> bool:
    return product is not None and product.can_be_bought


def _go_through(news: News, after: str | None) -> None:
    if not _is_true(news):
        return
    for _ in range(PAGES_AT_ONCE):
        page = store.watchers(news.sku, _kind(news), after, PAGE)
        if writes := [write for one in page.watchers for write in _told(news, one)]:
            table.commit(*writes)
        if page.last is None:
            return
        after = page.last
    table.commit(outbox.row(_left(news, str(after))))


def _is_true(news: News) -> bool:
    product = catalogue.find(news.sku)
    if isinstance(news, BackInStock):
        return can_be_bought(product)
    return still_costs(product, news.new_minor)


def _told(news: News, watcher: Watcher) -> Sequence[table.Write]:
    """What tells one watcher; nothing when they have heard, began later than that, or know a
    price as low."""
    watch = watcher.watch
    if watcher.told >= news.subject_version or watch.since >= news.occurred_at:
        return []
    if isinstance(news, BackInStock):
        ended = store.ending(watch.customer_id, watch.kind, watch.sku)
        return [*ended, outbox.row(_back(news, watch.customer_id))]
    if news.new_minor >= watch.price_minor:
        return []
    noted = store.told(watch, news.subject_version)
    return [noted, outbox.row(_dropped(news, watch.customer_id, watch.price_minor))]


def _dropped(news: PriceDropped, customer_id: str, old_minor: int) -> WatchedPriceDropped:
    return WatchedPriceDropped(
        id=ids.derived(news.id, customer_id),
        occurred_at=news.occurred_at,
        subject_version=news.subject_version,
        customer_id=customer_id,
        sku=news.sku,
        name_ru=news.name_ru,
        name_en=news.name_en,
        old_minor=old_minor,
        new_minor=news.new_minor,
        currency=news.currency,
    )


def _back(news: BackInStock, customer_id: str) -> WatchedBackInStock:
    return WatchedBackInStock(
        id=ids.derived(news.id, customer_id),
        occurred_at=news.occurred_at,
        subject_version=news.subject_version,
        customer_id=customer_id,
        sku=news.sku,
        name_ru=news.name_ru,
        name_en=news.name_en,
    )


def _left(news: News, after: str) -> WatchersLeft:
    return WatchersLeft(
        id=ids.derived(news.id, f"after:{after}"),
        occurred_at=news.occurred_at,
        kind=_kind(news).value,
        news=news.model_dump_json(),
        after=after,
    )


def _kind(news: News) -> Kind:
    return Kind.STOCK if isinstance(news, BackInStock) else Kind.PRICE
